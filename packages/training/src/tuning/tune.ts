import { parseConfiguration, selectColumns, SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { regressionMetrics, type RegressionMetric } from '@slipway/evaluation';
import { preprocessingSchema, type TargetTransform } from '@slipway/models';
import { estimatorSchema } from '../estimator-schema.ts';
import type { FitOptions } from '../forest/fit-forest.ts';
import { crossValidate, type CrossValidation } from './cross-validate.ts';
import type { Fold } from './folds.ts';
import { withOverrides, type Overrides } from './search-space.ts';

/** The part of a configuration that a search may change, as it is written. */
export interface TunedConfiguration {
  /** Columns of the training rows that the model takes. */
  readonly features: readonly string[];
  readonly preprocessing: readonly unknown[];
  readonly estimator: unknown;
  readonly targetTransform?: TargetTransform;
}

/** One configuration, scored. */
export interface Trial {
  /** From 0, which is the starting configuration. */
  readonly number: number;
  readonly overrides: Overrides;
  /** Share of the rows of each fold that it was fitted on. */
  readonly share: number;
  /** Null for a configuration that could not be fitted. */
  readonly result: CrossValidation | null;
  /** Why it could not. */
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface TuningOptions extends FitOptions {
  readonly start: TunedConfiguration;
  /** What each trial changes. */
  readonly candidates: readonly Overrides[];
  /**
   * `all` fits every candidate on all rows. `halving` fits all of them on few, and the best third of each round on three times
   * as many, until one round is on all rows: Jamieson and Talwalkar 2016, arXiv:1502.07943.
   * @default 'all'
   */
  readonly strategy?: 'all' | 'halving';
  /** All columns that any trial may take. */
  readonly columns: ColumnBatch;
  readonly target: Float64Array;
  readonly folds: readonly Fold[];
  /** @default 'rmse' */
  readonly metric?: RegressionMetric;
  /** Called after each trial, in the order they were made. */
  readonly onTrial?: (trial: Trial, total: number) => void | Promise<void>;
}

export interface Tuning {
  readonly trials: readonly Trial[];
  /** The starting configuration, on all rows. */
  readonly start: Trial;
  /** The best of all that were fitted on all rows, the start among them. */
  readonly best: Trial;
  /** Whether a candidate beat the start. */
  readonly improved: boolean;
}

/** What is kept of each round of halving, and by how much the rows grow. */
const halvingFactor = 3;

/**
 * Scores a starting configuration and candidates by cross-validation on training rows. A candidate that cannot be fitted is a
 * trial with a failure; the start has to work.
 * @throws SlipwayError what the start throws; `aborted`
 */
export async function tune(options: TuningOptions): Promise<Tuning> {
  const { candidates, strategy = 'all' } = options;
  const rounds = strategy === 'all' ? [1] : sharesOf(candidates.length);
  const total = 1 + rounds.reduce((sum, _, round) => sum + keptAfter(candidates.length, round), 0);
  const trials: Trial[] = [];
  const run = async (number: number, overrides: Overrides, share: number): Promise<Trial> => {
    const trial = await runTrial(options, { number, overrides, share });
    trials.push(trial);
    await options.onTrial?.(trial, total);
    return trial;
  };
  const start = await run(0, {}, 1);
  let left = candidates.map((overrides, place) => ({ overrides, number: place + 1 }));
  for (const [round, share] of rounds.entries()) {
    const made = [];
    for (const { number, overrides } of left) made.push(await run(number, overrides, share));
    left = sortTrials(made, options.metric).slice(0, keptAfter(candidates.length, round + 1));
  }
  const [best = start] = sortTrials(
    trials.filter(({ share }) => share === 1),
    options.metric,
  );
  return { trials, start, best, improved: best.number !== 0 };
}

/** The best first; those that failed last. Of equal ones the first. */
export function sortTrials(trials: readonly Trial[], metric: RegressionMetric = 'rmse'): Trial[] {
  const sign = regressionMetrics[metric].direction === 'minimize' ? 1 : -1;
  const cost = ({ result }: Trial): number => (result === null ? Infinity : sign * result.mean);
  // Infinity minus Infinity is no order.
  return trials.toSorted((a, b) => (cost(a) === cost(b) ? 0 : cost(a) - cost(b)));
}

async function runTrial(
  options: TuningOptions,
  { number, overrides, share }: Pick<Trial, 'number' | 'overrides' | 'share'>,
): Promise<Trial> {
  const {
    start,
    columns,
    target,
    folds,
    metric = 'rmse',
    onProgress,
    signal,
    workers,
    memoryBytes,
  } = options;
  try {
    const { features, preprocessing, estimator, targetTransform } = withOverrides(start, overrides);
    const trained = {
      features: selectColumns(columns, features),
      preprocessing: parseConfiguration(
        preprocessingSchema,
        `preprocessing of trial ${number}`,
        preprocessing,
      ),
      estimator: parseConfiguration(estimatorSchema, `estimator of trial ${number}`, estimator),
      ...(targetTransform === undefined ? {} : { targetTransform }),
      target,
      targetName: 'target',
    };
    const result = await crossValidate(
      { ...trained, onProgress, signal, workers, memoryBytes },
      { folds: folds.map((fold) => shareOf(fold, share)), metric },
    );
    return { number, overrides, share, result };
  } catch (error) {
    if (number === 0 || !SlipwayError.isInstance(error) || error.code === 'aborted') throw error;
    const { code, message } = error;
    return { number, overrides, share, result: null, failure: { code, message } };
  }
}

/** Rows to fit on at equal distances; all rows to score. */
function shareOf({ train, validation }: Fold, share: number): Fold {
  const count = Math.max(1, Math.round(train.length * share));
  const picked = Int32Array.from(
    { length: count },
    (_, place) => train[Math.floor((place * train.length) / count)]!,
  );
  return { train: picked, validation };
}

/** Shares of the rows, round by round, the last of them 1. */
function sharesOf(candidates: number): number[] {
  const shares = [1];
  while (halvingFactor ** shares.length < candidates) shares.unshift(shares[0]! / halvingFactor);
  return shares;
}

function keptAfter(candidates: number, rounds: number): number {
  return Math.max(1, Math.ceil(candidates / halvingFactor ** rounds));
}
