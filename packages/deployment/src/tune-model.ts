import { getNumericColumn } from '@slipway/contracts';
import { renderTuningReport, type RegressionMetric } from '@slipway/evaluation';
import { registeredName } from '@slipway/registry-client';
import {
  defaultSearchSpace,
  drawFrom,
  gridOf,
  tune,
  withOverrides,
  type Fold,
  type Overrides,
  type SearchSpace,
  type Trial,
  type TunedConfiguration,
  type Tuning,
} from '@slipway/training';
import type { DeploymentContext } from './deployment-context.ts';
import { foldsOf } from './folds-of.ts';
import { defineModel, type ModelDefinition } from './model-definition.ts';
import { readTrainingSet } from './training-set-of.ts';
import { beginTrialRuns } from './trial-runs.ts';

/** `random` and `halving` draw from the space, `grid` takes every combination of it. */
export type SearchStrategy = 'random' | 'grid' | 'halving';

export interface TuneOptions {
  /** @default that of the family, `defaultSearchSpace` */
  readonly space?: SearchSpace | undefined;
  /** @default 'random' */
  readonly strategy?: SearchStrategy | undefined;
  /** Configurations, the starting one among them; a grid has its own number. @default 20 */
  readonly trials?: number | undefined;
  /** Of the draws. @default 1 */
  readonly seed?: number | undefined;
  /** @default 3 */
  readonly folds?: number | undefined;
  readonly onTrial?: ((trial: Trial, total: number) => void) | undefined;
  /** Ends the search; its run is marked as killed, and the trials that were made stay. */
  readonly signal?: AbortSignal | undefined;
}

export interface TuneOutcome extends Tuning {
  readonly model: string;
  readonly registeredName: string;
  /** The run that the trials are nested in. */
  readonly runId: string;
  readonly experimentId: string;
  readonly metric: RegressionMetric;
  readonly folds: number;
  readonly watermark: number;
  readonly trainDigest: string;
  /** The configuration of the best trial. */
  readonly bestConfiguration: TunedConfiguration;
  /** Why the registry lacks the result, for a search that ended and could not be recorded to its end; or null. */
  readonly unrecorded: string | null;
  /** HTML. */
  readonly report: string;
}

/**
 * Looks for a better configuration of a model: scores candidates by cross-validation on the training set of its newest
 * deployment that fits, each in a run nested in that of the search. The test set is never read, so that it can still judge what
 * is found. Nothing is deployed. A candidate that is no valid configuration is a failed trial.
 * @throws SlipwayError `not_deployable` before the first deployment, or when none took the rows that the configuration takes now;
 * `parameter_invalid` for a space or a number of folds that does not fit; what makes every candidate invalid
 */
export function tuneModel(
  context: DeploymentContext,
  model: ModelDefinition,
  options: TuneOptions = {},
): Promise<TuneOutcome> {
  const { strategy = 'random', trials = 20, seed = 1 } = options;
  const space = options.space ?? defaultSearchSpace(model.estimator);
  const candidates = strategy === 'grid' ? gridOf(space) : drawFrom(space, { trials: trials - 1, seed });
  return search(context, model, { ...options, candidates, verb: 'tune', seed, strategy });
}

/**
 * Scores one change of a configuration beside the configuration itself, as {@link tuneModel} does.
 * @param options.overrides values by dotted path, such as `estimator.params.maxDepth` or `features`
 * @throws SlipwayError as {@link tuneModel}
 */
export function tryChange(
  context: DeploymentContext,
  model: ModelDefinition,
  {
    overrides,
    ...options
  }: Pick<TuneOptions, 'folds' | 'onTrial' | 'signal'> & { readonly overrides: Overrides },
): Promise<TuneOutcome> {
  return search(context, model, { ...options, candidates: [overrides], verb: 'try' });
}

interface Search extends Pick<TuneOptions, 'folds' | 'onTrial' | 'signal' | 'seed' | 'strategy'> {
  readonly verb: 'tune' | 'try';
  readonly candidates: readonly Overrides[];
}

async function search(
  context: DeploymentContext,
  model: ModelDefinition,
  { verb, candidates, strategy, seed, folds = 3, onTrial, signal }: Search,
): Promise<TuneOutcome> {
  const { metric } = model.gate;
  const start = configurationOf(model);
  checkCandidates(model, candidates);
  const { rows, ref, watermark, eventTime } = await readTrainingSet(context, model);
  const foldsOfTrial = (configuration: TunedConfiguration): Fold[] =>
    foldsOf(withConfiguration(model, configuration).split, rows, { folds, eventTime });
  // Before there is a run: what is wrong with the folds of the start is wrong with the search.
  foldsOfTrial(start);
  const name = registeredName(model.name, context.environment);
  const params = {
    folds: String(folds),
    ...(strategy === undefined ? {} : { strategy }),
    ...(seed === undefined ? {} : { seed: String(seed) }),
  };
  const runs = await beginTrialRuns(context, { model, name, verb, dataset: ref, params });
  const { runId, experimentId } = runs;
  try {
    const tuning = await tune({
      start,
      candidates,
      strategy: strategy === 'halving' ? 'halving' : 'all',
      columns: rows,
      target: getNumericColumn(rows, model.target).values,
      folds: foldsOfTrial,
      metric,
      workers: context.workers,
      memoryBytes: context.memoryBytes,
      signal,
      onTrialStart: runs.begin,
      onTrial: async (trial, total) => {
        await runs.add(trial);
        onTrial?.(trial, total);
      },
    });
    const found = { ...tuning, runId, metric, folds };
    const report = renderTuningReport({ ...found, model: name, createdAt: context.now() * 1000 });
    return {
      ...found,
      model: model.name,
      registeredName: name,
      experimentId,
      watermark,
      trainDigest: ref.digest,
      bestConfiguration: withOverrides(start, tuning.best.overrides),
      report,
      unrecorded: await runs.end(tuning, report).then(() => null, messageOf),
    };
  } catch (error) {
    // The failure is what a person has to hear of, not that its run could not be ended.
    await runs.stop(signal?.aborted === true ? 'KILLED' : 'FAILED').catch(() => undefined);
    throw error;
  }
}

/** A search of which nothing can come is refused before it begins. */
function checkCandidates(model: ModelDefinition, candidates: readonly Overrides[]): void {
  const problems = candidates.flatMap((overrides) => {
    try {
      withConfiguration(model, withOverrides(configurationOf(model), overrides));
      return [];
    } catch (error) {
      return [error];
    }
  });
  if (candidates.length > 0 && problems.length === candidates.length) throw problems[0];
}

/** The model with another configuration, checked as a file of it would be. */
function withConfiguration(model: ModelDefinition, configuration: TunedConfiguration): ModelDefinition {
  return defineModel({ ...model, ...(configuration as Partial<ModelDefinition>) });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a search may change. */
function configurationOf({
  features,
  preprocessing,
  estimator,
  targetTransform,
  split,
}: ModelDefinition): TunedConfiguration {
  return { features, preprocessing, estimator, targetTransform, split };
}
