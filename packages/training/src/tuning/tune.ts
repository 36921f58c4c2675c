import { regressionMetrics, type RegressionMetric } from '@slipway/evaluation';
import type { FitOptions } from '../forest/fit-forest.ts';
import type { Fold } from './folds.ts';
import {
  failedTrial,
  runTrial,
  type PlannedTrial,
  type Trial,
  type TrialData,
  type TunedConfiguration,
} from './run-trial.ts';
import { withOverrides, type Overrides } from './search-space.ts';
import { startTrialThreads, type TrialThreads } from './trial-threads.ts';

export interface TuningOptions extends TrialData, FitOptions {
  /** What each trial changes. */
  readonly candidates: readonly Overrides[];
  /**
   * `all` fits every candidate on all rows. `halving` fits all of them on few, and the best third of each round on three times
   * as many, until one round is on all rows: Jamieson and Talwalkar 2016, arXiv:1502.07943.
   * @default 'all'
   */
  readonly strategy?: 'all' | 'halving';
  /** The same for all trials, or those that the split of a configuration asks for. */
  readonly folds: readonly Fold[] | ((configuration: TunedConfiguration) => readonly Fold[]);
  readonly onTrialStart?: (trial: PlannedTrial) => void;
  /** Called after each trial, in the order they end. */
  readonly onTrial?: (trial: Trial, total: number) => void | Promise<void>;
}

export interface Tuning {
  /** Round by round in the order of the candidates, the start first. */
  readonly trials: readonly Trial[];
  /** The starting configuration, on all rows. */
  readonly start: Trial;
  /** The best of all that were fitted on all rows and that keep the split, the start among them. */
  readonly best: Trial;
  /** Whether a candidate beat the start. */
  readonly improved: boolean;
}

/** What is kept of each round of halving, and by how much the rows grow. */
const halvingFactor = 3;

/** Cells from which the trees of one trial keep all threads busy, over rows that they share. */
const manyCells = 500_000;

/**
 * Scores a starting configuration and candidates by cross-validation on training rows. A candidate that cannot be fitted is a
 * trial with a failure; the start has to work. On few rows `workers` threads make trials side by side, on many they grow the
 * trees of one; the result is the same.
 * @throws SlipwayError what the start throws; `aborted`
 */
export async function tune(options: TuningOptions): Promise<Tuning> {
  const { candidates, strategy = 'all', metric } = options;
  const shares = strategy === 'all' ? [1] : sharesOf(candidates.length);
  const total = 1 + shares.reduce((sum, _, round) => sum + keptAfter(candidates.length, round), 0);
  const start = await makeTrial(options, { overrides: {}, number: 0, share: 1 }, { total });
  const trials = [start];
  const count = threadCount(options);
  const threads = count < 2 ? undefined : startTrialThreads(options, { ...options, count });
  try {
    let left = candidates.map((overrides, place) => ({ overrides, number: place + 1 }));
    for (const [round, share] of shares.entries()) {
      const made: Trial[] = [];
      const queue = left.entries();
      const lane = async (): Promise<void> => {
        for (const [place, candidate] of queue)
          made[place] = await makeTrial(options, { ...candidate, share }, { total, threads });
      };
      await Promise.all(Array.from({ length: count }, lane));
      trials.push(...made);
      left = sortTrials(made, metric).slice(0, keptAfter(candidates.length, round + 1));
    }
  } finally {
    await threads?.close();
  }
  const onAllRows = trials.filter(({ share }) => share === 1);
  const [best = start] = sortTrials(onAllRows, metric);
  return { trials, start, best, improved: best.number !== 0 };
}

/** The best first; those that failed or change the split last. Of equal ones the first. */
export function sortTrials(trials: readonly Trial[], metric: RegressionMetric = 'rmse'): Trial[] {
  const sign = regressionMetrics[metric].direction === 'minimize' ? 1 : -1;
  const cost = ({ result, keepsSplit }: Trial): number =>
    result === null || !keepsSplit ? Infinity : sign * result.mean;
  // Infinity minus Infinity is no order.
  return trials.toSorted((a, b) => (cost(a) === cost(b) ? 0 : cost(a) - cost(b)));
}

async function makeTrial(
  options: TuningOptions,
  candidate: Omit<PlannedTrial, 'keepsSplit'>,
  { total, threads }: { readonly total: number; readonly threads?: TrialThreads | undefined },
): Promise<Trial> {
  const keepsSplit = !Object.keys(candidate.overrides).some((path) => path.split('.')[0] === 'split');
  const trial = { ...candidate, keepsSplit };
  options.onTrialStart?.(trial);
  const made = await runOnFolds(options, trial, threads);
  await options.onTrial?.(made, total);
  return made;
}

async function runOnFolds(
  options: TuningOptions,
  trial: PlannedTrial,
  threads: TrialThreads | undefined,
): Promise<Trial> {
  const { start, onProgress, signal, workers, memoryBytes } = options;
  let folds;
  try {
    folds =
      typeof options.folds === 'function'
        ? options.folds(withOverrides(start, trial.overrides))
        : options.folds;
  } catch (error) {
    if (trial.number === 0) throw error;
    return failedTrial(trial, error);
  }
  if (threads !== undefined) return threads.run({ trial, folds });
  return runTrial(options, trial, { folds, onProgress, signal, workers, memoryBytes });
}

function threadCount({ candidates, columns, workers = 1 }: TuningOptions): number {
  const cells = columns.rowCount * columns.columns.length;
  return cells < manyCells ? Math.min(workers, candidates.length) : 1;
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
