import { getNumericColumn, parseConfiguration } from '@slipway/contracts';
import { getDataset, splitSchema } from '@slipway/datasets';
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
import type { ModelDefinition } from './model-definition.ts';
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
  /** Of the draws, and of random folds. @default 1 */
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
  /** HTML. */
  readonly report: string;
}

/**
 * Looks for a better configuration of a model: scores candidates by cross-validation on the training set of its newest
 * deployment, each in a run nested in that of the search. The test set is never read, so that it can still judge what is found.
 * Nothing is deployed.
 * @throws SlipwayError `not_deployable` before the first deployment; `parameter_invalid` for a space, a number of folds or a
 * path that does not fit
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
  }: Pick<TuneOptions, 'seed' | 'folds' | 'onTrial' | 'signal'> & { readonly overrides: Overrides },
): Promise<TuneOutcome> {
  withOverrides(configurationOf(model), overrides);
  const { seed = 1 } = options;
  return search(context, model, { ...options, candidates: [overrides], verb: 'try', seed, strategy: 'grid' });
}

interface Search extends Pick<TuneOptions, 'folds' | 'onTrial' | 'signal'> {
  readonly verb: 'tune' | 'try';
  readonly candidates: readonly Overrides[];
  readonly strategy: SearchStrategy;
  readonly seed: number;
}

async function search(
  context: DeploymentContext,
  model: ModelDefinition,
  { verb, candidates, strategy, seed, folds = 3, onTrial, signal }: Search,
): Promise<TuneOutcome> {
  const { metric } = model.gate;
  const start = configurationOf(model);
  const { rows, digest, watermark, eventTime } = await readTrainingSet(context, model);
  const foldsOfTrial = ({ split }: TunedConfiguration): Fold[] =>
    foldsOf(parseConfiguration(splitSchema, 'split', split), rows, { folds, seed, eventTime });
  // Before there is a run: what is wrong with the folds of the start is wrong with the search.
  foldsOfTrial(start);
  const name = registeredName(model.name, context.environment);
  const runs = await beginTrialRuns(context, {
    model,
    name,
    verb,
    dataset: (await getDataset(context.database, digest)).ref,
    params: { strategy, seed: String(seed), folds: String(folds) },
  });
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
    const { runId, experimentId } = runs;
    const found = { ...tuning, runId, metric, folds };
    const report = renderTuningReport({ ...found, model: name, createdAt: context.now() * 1000 });
    await runs.end(tuning, report);
    const bestConfiguration = withOverrides(start, tuning.best.overrides);
    const data = { watermark, trainDigest: digest };
    return {
      ...found,
      ...data,
      model: model.name,
      registeredName: name,
      experimentId,
      bestConfiguration,
      report,
    };
  } catch (error) {
    // The failure is what a person has to hear of, not that its run could not be ended.
    await runs.stop(signal?.aborted === true ? 'KILLED' : 'FAILED').catch(() => undefined);
    throw error;
  }
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
