import { isDeepStrictEqual } from 'node:util';
import { regressionMetrics, type RegressionMetric } from '@slipway/evaluation';
import { estimatorSchema } from '../estimator-schema.ts';
import { estimateForestBytes } from '../forest/check-memory.ts';
import type { FitOptions } from '../fit-options.ts';
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

export interface TuningOptions extends TrialData, Omit<FitOptions, 'onProgress'> {
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
  readonly onTrialStart?: (trial: Pick<PlannedTrial, 'number'>) => void;
  /** Called after each trial, in the order they end. */
  readonly onTrial?: (trial: Trial, total: number) => void | Promise<void>;
}

export interface Tuning {
  /** Round by round in the order of the candidates, the start first. */
  readonly trials: readonly Trial[];
  /** The starting configuration, on all rows. */
  readonly start: Trial;
  /** The best of all that were fitted on all rows and scored on the same folds, the start among them. */
  readonly best: Trial;
  /** Whether a candidate beat the start. */
  readonly improved: boolean;
}

/** What is kept of each round of halving, and by how much the rows grow. */
const halvingFactor = 3;

/** Cells from which the trees of one forest keep all threads busy, over rows that they share. */
const manyCells = 500_000;

/**
 * Scores a starting configuration and candidates by cross-validation on training rows. A candidate that cannot be fitted is a
 * trial with a failure; the start has to work. `workers` threads make trials side by side, or grow the trees of one forest where
 * the rows are many; the scores are the same.
 * @throws SlipwayError what the start throws; `aborted`
 */
export async function tune(options: TuningOptions): Promise<Tuning> {
  const { candidates, strategy = 'all', metric } = options;
  const shares = strategy === 'all' ? [1] : sharesOf(candidates.length);
  const total = 1 + shares.reduce((sum, _, round) => sum + keptAfter(candidates.length, round), 0);
  const start = await makeTrial(options, { overrides: {}, number: 0, share: 1 }, { total });
  const trials = [start];
  await withThreads(options, async (makeAll) => {
    let left = candidates.map((overrides, place) => ({ overrides, number: place + 1 }));
    for (const [round, share] of shares.entries()) {
      const made = await makeAll(
        left.map((candidate) => ({ ...candidate, share })),
        total,
      );
      trials.push(...made);
      left = sortTrials(made, metric).slice(0, keptAfter(candidates.length, round + 1));
    }
  });
  const onAllRows = trials.filter(({ share }) => share === 1);
  const [best = start] = sortTrials(onAllRows, metric);
  return { trials, start, best, improved: best.number !== 0 };
}

/** The best first; those that failed or were scored on other folds last. Of equal ones the first. */
export function sortTrials(trials: readonly Trial[], metric: RegressionMetric = 'rmse'): Trial[] {
  const sign = regressionMetrics[metric].direction === 'minimize' ? 1 : -1;
  const cost = ({ result, keepsSplit }: Trial): number =>
    result === null || !keepsSplit ? Infinity : sign * result.mean;
  // Infinity minus Infinity is no order.
  return trials.toSorted((a, b) => (cost(a) === cost(b) ? 0 : cost(a) - cost(b)));
}

type Candidate = Pick<PlannedTrial, 'number' | 'overrides' | 'share'>;
type MakeAll = (candidates: readonly Candidate[], total: number) => Promise<Trial[]>;

/** Gives work what makes trials side by side. The first failure ends those that run, and is thrown when they have ended. */
async function withThreads(options: TuningOptions, work: (makeAll: MakeAll) => Promise<void>): Promise<void> {
  const count = threadCount(options);
  const failing = new AbortController();
  const signal = AbortSignal.any([failing.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const threads =
    count < 2 ? undefined : startTrialThreads(options, { count, memoryBytes: options.memoryBytes, signal });
  const makeAll: MakeAll = async (candidates, total) => {
    const made: Trial[] = [];
    const failures: unknown[] = [];
    const queue = candidates.entries();
    const lane = async (): Promise<void> => {
      try {
        for (const [place, candidate] of queue) {
          if (failures.length > 0) return;
          made[place] = await makeTrial({ ...options, signal }, candidate, { total, threads });
        }
      } catch (error) {
        failures.push(error);
        failing.abort();
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, count) }, lane));
    if (failures.length > 0) throw failures[0];
    return made;
  };
  try {
    await work(makeAll);
  } finally {
    await threads?.close();
  }
}

async function makeTrial(
  options: TuningOptions,
  candidate: Candidate,
  { total, threads }: { readonly total: number; readonly threads?: TrialThreads | undefined },
): Promise<Trial> {
  options.onTrialStart?.(candidate);
  const made = await runOnFolds(options, candidate, threads);
  await options.onTrial?.(made, total);
  return made;
}

async function runOnFolds(
  options: TuningOptions,
  candidate: Candidate,
  threads: TrialThreads | undefined,
): Promise<Trial> {
  const { signal, workers, memoryBytes } = options;
  let folds;
  try {
    folds = foldsFor(options, candidate.overrides);
  } catch (error) {
    if (candidate.number === 0) throw error;
    return failedTrial({ ...candidate, keepsSplit: !changesSplit(candidate.overrides) }, error);
  }
  const trial = { ...candidate, keepsSplit: keepsFolds(options, candidate.overrides, folds) };
  if (threads !== undefined) return threads.run({ trial, folds });
  return runTrial(options, trial, { folds, signal, workers, memoryBytes });
}

function foldsFor({ start, folds }: TuningOptions, overrides: Overrides): readonly Fold[] {
  return typeof folds === 'function' ? folds(withOverrides(start, overrides)) : folds;
}

function changesSplit(overrides: Overrides): boolean {
  return Object.keys(overrides).some((path) => path.split('.')[0] === 'split');
}

/** A split may be written otherwise and hold out the same rows. */
function keepsFolds(options: TuningOptions, overrides: Overrides, folds: readonly Fold[]): boolean {
  return !changesSplit(overrides) || isDeepStrictEqual(folds, foldsFor(options, {}));
}

/** Threads that make trials side by side: as many as have something to do, and as fit into memory together. */
function threadCount({
  start,
  candidates,
  columns,
  workers = 1,
  memoryBytes = Infinity,
}: TuningOptions): number {
  // NaN, as Number() makes of a setting that is no number, is one thread too: not none, which would make no trial.
  const most = Math.min(workers > 1 ? workers : 1, candidates.length);
  const estimator = estimatorSchema.safeParse(start.estimator).data;
  if (estimator?.family !== 'random-forest') return most;
  const [rowCount, featureCount] = [columns.rowCount, columns.columns.length];
  if (rowCount * featureCount >= manyCells) return 1;
  const { params } = estimator;
  return Math.min(
    most,
    Math.floor(memoryBytes / estimateForestBytes({ params, rowCount, featureCount, workers: 1 })),
  );
}

/** Shares of the rows, round by round, the last of them 1. */
function sharesOf(candidates: number): number[] {
  const shares = [1];
  while (halvingFactor ** shares.length < candidates) shares.unshift(shares[0]! / halvingFactor);
  return shares;
}

function keptAfter(candidates: number, rounds: number): number {
  return Math.min(candidates, Math.max(1, Math.ceil(candidates / halvingFactor ** rounds)));
}
