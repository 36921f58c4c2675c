import { SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { checkColumnCount } from '../check-column-count.ts';
import { compileModel } from '../compile-model.ts';
import type { FeatureMatrix } from '../feature-matrix.ts';
import type { FittedModel } from '../fitted-model.ts';
import { predictEstimator } from '../predict-estimator.ts';
import { startForestThreads, type ForestThreads } from './forest-threads.ts';

export interface BatchPredictor {
  /**
   * What `predictModel` predicts, bit for bit. Batches that are asked for at the same time follow each other.
   * @throws SlipwayError as `predictModel`; `aborted` after `close`
   */
  readonly predict: (batch: ColumnBatch) => Promise<Float64Array>;
  /** Ends the threads, and what they are at. */
  readonly close: () => Promise<void>;
}

/** Rows that are predicted before a thread has woken up. */
const fewRows = 2_000;

/**
 * Predicts many batches of one model, forests of means in threads. They start with the first batch that is worth it.
 * @param options.workers threads; with fewer than 2, or NaN, this thread does it
 */
export function createBatchPredictor(
  model: FittedModel,
  { workers }: { readonly workers: number },
): BatchPredictor {
  const { estimator } = model;
  const { preprocess, undoTarget } = compileModel(model);
  let threads: ForestThreads | undefined;
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();
  const estimate = (features: FeatureMatrix): Float64Array | Promise<Float64Array> => {
    const isSum = estimator.family === 'random-forest' && estimator.selectionMethod === undefined;
    if (!isSum || !(workers >= 2) || features.rowCount <= fewRows)
      return predictEstimator(estimator, features);
    checkColumnCount(features.columns, estimator.featureCount);
    threads ??= startForestThreads(estimator, workers);
    return threads.predict(features);
  };
  const predictNow = async (batch: ColumnBatch): Promise<Float64Array> => {
    if (isClosed) throw new SlipwayError('aborted', { what: 'The predictor was closed' });
    return undoTarget(await estimate(preprocess(batch)));
  };
  return {
    predict: (batch) => {
      const next = last.then(() => predictNow(batch));
      last = next.catch(() => undefined);
      return next;
    },
    close: async () => {
      isClosed = true;
      await threads?.close();
    },
  };
}
