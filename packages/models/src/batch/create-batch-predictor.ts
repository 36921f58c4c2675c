import type { ColumnBatch } from '@slipway/contracts';
import { compileModel } from '../compile-model.ts';
import type { FeatureMatrix } from '../feature-matrix.ts';
import type { FittedModel } from '../fitted-model.ts';
import { predictEstimator } from '../predict-estimator.ts';
import { startForestThreads, type ForestThreads } from './forest-threads.ts';

export interface BatchPredictor {
  /** What `predictModel` predicts, bit for bit. One batch at a time: wait for it before the next. */
  readonly predict: (batch: ColumnBatch) => Promise<Float64Array>;
  /** Ends the threads. */
  readonly close: () => Promise<void>;
}

/** Rows that are predicted before a thread has woken up. */
const fewRows = 2_000;

/**
 * Predicts many batches of one model, forests of means in threads. They start with the first batch that is worth it.
 * @param options.workers threads; with fewer than 2, this thread does it
 * @throws SlipwayError as `predictModel`
 */
export function createBatchPredictor(
  model: FittedModel,
  { workers }: { readonly workers: number },
): BatchPredictor {
  const { estimator } = model;
  let threads: ForestThreads | undefined;
  const estimate = (features: FeatureMatrix): Float64Array | Promise<Float64Array> => {
    const isSum = estimator.family === 'random-forest' && estimator.selectionMethod === undefined;
    if (!isSum || workers < 2 || features.rowCount <= fewRows) return predictEstimator(estimator, features);
    threads ??= startForestThreads(estimator, workers);
    return threads.predict(features);
  };
  const { preprocess, undoTarget } = compileModel(model);
  return {
    predict: async (batch) => undoTarget(await estimate(preprocess(batch))),
    close: async () => threads?.close(),
  };
}
