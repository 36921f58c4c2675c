import {
  driftBaselineSchema,
  parseStored,
  SlipwayError,
  type DriftBaseline,
  type ModelSignature,
  type Relation,
} from '@slipway/contracts';
import { decideDrift, mergeStates, reduceAlert, type DriftState, type DriftVerdict } from '@slipway/drift';
import { countWindow, storeWindowResults } from '@slipway/drift/postgres';
import { registeredName, type ModelVersion } from '@slipway/registry-client';
import { readRegisteredModel } from './champion.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { liveError, windowRanges } from './monitoring-windows.ts';
import { runOfVersion } from './run-of-version.ts';
import { artifactPath } from './run-tags.ts';

/** One window of predictions: its drift verdict and, where labels have arrived, its live error. */
export interface MonitoredWindow {
  /** Event times of the first row and of the first row after it, microseconds since 1970-01-01 UTC. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly verdict: DriftVerdict;
  readonly labelled: number;
  /** Root mean squared error over the labelled rows, in the unit of the target; null without labels. */
  readonly liveRmse: number | null;
}

export interface MonitorOutcome {
  readonly model: string;
  readonly registeredName: string;
  readonly version: string;
  readonly runId: string;
  /** `alert`: enough windows drifted; `insufficient`: too few predictions to say anything. */
  readonly outcome: 'ok' | 'alert' | 'insufficient';
  readonly rows: number;
  readonly windows: readonly MonitoredWindow[];
  readonly testRmse: number | null;
  readonly liveRmse: number | null;
  readonly labelled: number;
  readonly baseline: DriftBaseline;
  /** Counts over all windows together. */
  readonly state: DriftState;
  readonly overall: DriftVerdict;
}

/** Where predictions and labels come from; built by the caller, so that any store will do. */
export interface MonitorSources {
  /** Rows with `event_time`, `prediction` and the feature columns of one version. */
  readonly predictions: (version: string, signature: ModelSignature) => Relation;
  /** Rows with `event_time`, `prediction` and `label`: predictions joined with the labels that have arrived. */
  readonly labelled: (version: string, signature: ModelSignature) => Relation;
}

/**
 * Compares what the version in production predicted with its test predictions, window by window, and its live error
 * with its test error. Counting happens in Postgres.
 * @throws SlipwayError `model_version_not_found` when nothing serves
 */
export async function monitorModel(
  context: DeploymentContext,
  model: ModelDefinition,
  sources: MonitorSources,
): Promise<MonitorOutcome> {
  const { registry, database } = context;
  const name = registeredName(model.name, context.environment);
  const version = await servingVersion(context, name);
  const run = await runOfVersion(registry, version);
  const baseline = await readBaseline(context, run.runId);
  const { signature } = await readRegisteredModel(registry, version);
  const predictions = sources.predictions(version.version, signature);
  const labelled = sources.labelled(version.version, signature);
  const windows: MonitoredWindow[] = [];
  const states: DriftState[] = [];
  for (const range of await windowRanges(database, predictions, model.monitoring.window.rows)) {
    const state = await countWindow(database, predictions, baseline, range);
    states.push(state);
    const verdict = decideDrift({ baseline, state, policy: model.monitoring });
    windows.push({ ...range, verdict, ...(await liveError(database, labelled, range)) });
  }
  const all = await liveError(database, labelled, { from: -8.6e15, to: 8.6e15 });
  const state =
    states.length === 0
      ? await countWindow(database, predictions, baseline, { from: 0, to: 0 })
      : states.reduce(mergeStates);
  await storeWindowResults(
    database,
    windows.map(({ from, rows, verdict, liveRmse }) => ({
      model: name,
      version: version.version,
      windowStart: from,
      rowCount: rows,
      outcome: verdict.outcome,
      psi: verdict.prediction.psi,
      pValue: verdict.prediction.pValue,
      liveRmse,
    })),
    context.now() * 1000,
  );
  return {
    model: model.name,
    registeredName: name,
    version: version.version,
    runId: run.runId,
    outcome: decideAlert(windows, model),
    rows: windows.reduce((sum, window) => sum + window.rows, 0),
    windows,
    testRmse: run.metrics['test.rmse'] ?? null,
    ...all,
    baseline,
    state,
    overall: decideDrift({ baseline, state, policy: model.monitoring }),
  };
}

function decideAlert(windows: readonly MonitoredWindow[], model: ModelDefinition): MonitorOutcome['outcome'] {
  const decided = windows.filter(({ verdict }) => verdict.outcome !== 'insufficient');
  if (decided.length === 0) return 'insufficient';
  const violations = decided.map(({ verdict }) => verdict.outcome === 'drift');
  return reduceAlert(violations, model.monitoring.alert).firing ? 'alert' : 'ok';
}

async function servingVersion({ registry }: DeploymentContext, name: string): Promise<ModelVersion> {
  const version = await registry.findVersionByAlias(name, 'production');
  if (version !== undefined) return version;
  throw new SlipwayError('model_version_not_found', {
    what: `No version of ${name} serves, so there is nothing to monitor`,
    next: 'Run "slipway deploy" first',
  });
}

async function readBaseline({ registry }: DeploymentContext, runId: string): Promise<DriftBaseline> {
  const content = await registry.readArtifact(runId, artifactPath.baseline);
  return parseStored(driftBaselineSchema, 'drift baseline', JSON.parse(new TextDecoder().decode(content)));
}
