import {
  SlipwayError,
  type AlertState,
  type DriftBaseline,
  type DriftState,
  type ModelSignature,
  type Relation,
} from '@slipway/contracts';
import { withLease } from '@slipway/database';
import {
  createDriftState,
  decideDrift,
  describeMonitoring,
  mergeStates,
  noAlert,
  reduceAlert,
  type DriftVerdict,
} from '@slipway/drift';
import {
  countWindow,
  cutWindows,
  liveErrors,
  poolErrors,
  readWindowResults,
  storeWindowResults,
  type MonitoredSeries,
  type WindowResult,
} from '@slipway/drift/postgres';
import { registeredName, type ModelVersion } from '@slipway/registry-client';
import { readRegisteredModel } from './champion.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { ModelDefinition } from './model-definition.ts';
import { readBaseline } from './read-baseline.ts';
import { findRunOfVersion } from './run-of-version.ts';

/** One window of predictions: its drift verdict and, where labels have arrived, its live error. */
export interface MonitoredWindow {
  /** Event times [from, to), microseconds since 1970-01-01 UTC; `to` is null where no later row has come yet. */
  readonly from: number;
  readonly to: number | null;
  /** Its boundaries stand; a late row changes its counts only. */
  readonly isClosed: boolean;
  readonly rows: number;
  readonly verdict: DriftVerdict;
  readonly labelled: number;
  /** Root mean squared error over the labelled rows, in the unit of the target; null without labels. */
  readonly liveRmse: number | null;
  /** The alert after this window. */
  readonly alert: AlertState;
}

export interface MonitorOutcome {
  readonly model: string;
  readonly registeredName: string;
  readonly version: string;
  readonly runId: string;
  /** `alert`: enough windows drifted; `insufficient`: too few predictions to say anything. */
  readonly outcome: 'ok' | 'alert' | 'insufficient';
  /** The reason for the outcome, in words. */
  readonly reason: string;
  readonly rows: number;
  readonly windows: readonly MonitoredWindow[];
  readonly testRmse: number | null;
  readonly liveRmse: number | null;
  readonly labelled: number;
  /** Labels that have arrived while none matches a prediction; 0 when one does. */
  readonly unmatchedLabels: number;
  readonly baseline: DriftBaseline;
  /** Counts over all windows together. */
  readonly state: DriftState;
  readonly overall: DriftVerdict;
}

/** Where predictions and labels come from; built by the caller, so that any store will do. */
export interface MonitorSources {
  /** Predictions of one version: an event time, an attribute `prediction`, and the features. */
  readonly predictions: (version: string, signature: ModelSignature) => Relation;
  /** Predictions joined with the labels that have arrived: an event time, and attributes `prediction` and `label`. */
  readonly labelled: (version: string, signature: ModelSignature) => Relation;
  /** How many labels of the model have arrived; asked when none matches. */
  readonly countLabels: () => Promise<number>;
}

/**
 * Compares what the version in production predicted with its test predictions, window by window, and its live error
 * with its test error. Counting happens in Postgres. The windows are kept in `monitoring.window_result`, where closed
 * ones keep their boundaries; one process monitors a model at a time.
 * @throws SlipwayError `model_version_not_found` when nothing serves; `file_not_found` when what serves has no drift
 * baseline; `lease_held`
 */
export async function monitorModel(
  context: DeploymentContext,
  model: ModelDefinition,
  sources: MonitorSources,
): Promise<MonitorOutcome> {
  const { registry, database, holder } = context;
  const name = registeredName(model.name, context.environment);
  const version = await servingVersion(context, name);
  const run = await findRunOfVersion(registry, version);
  const baseline = await readBaseline(registry, version, run);
  const { signature } = await readRegisteredModel(registry, version);
  const series = { registeredName: name, version: version.version, runId: baseline.runId };
  const policy = model.monitoring;
  const results = await withLease(
    database,
    { name: `monitor:${name}`, holder, waitMs: 60_000 },
    async (lease) => {
      const counted = await countWindows(context, series, {
        baseline,
        rows: policy.window.rows,
        predictions: sources.predictions(version.version, signature),
        labelled: sources.labelled(version.version, signature),
      });
      const decided = decideWindows(counted, baseline, policy);
      await database.transaction(async (transaction) => {
        await lease.fence(transaction);
        const kept = decided.map(({ verdict, ...window }) => ({
          ...window,
          outcome: verdict.outcome,
          psi: verdict.prediction.psi,
          pValue: verdict.prediction.pValue,
        }));
        await storeWindowResults(transaction, series, kept, context.now() * 1000);
      });
      return decided;
    },
  );
  const windows = results.map(({ state, ...window }) => ({ ...window, rows: state.rowCount }));
  const state = results.map((result) => result.state).reduce(mergeStates, createDriftState(baseline));
  const live = poolErrors(results);
  const testRmse = run?.metrics['test.rmse'] ?? null;
  const unmatchedLabels = live.labelled === 0 ? await sources.countLabels() : 0;
  const outcome = outcomeOf(results);
  return {
    model: model.name,
    ...series,
    outcome,
    reason: describeMonitoring({
      outcome,
      windows,
      policy,
      testRmse,
      liveRmse: live.liveRmse,
      unmatchedLabels,
    }),
    rows: state.rowCount,
    windows,
    testRmse,
    ...live,
    unmatchedLabels,
    baseline,
    state,
    overall: decideDrift({ baseline, state, policy }),
  };
}

type CountedWindow = Pick<WindowResult, 'from' | 'to' | 'isClosed' | 'state' | 'labelled' | 'liveRmse'>;

/**
 * Counts and errors of every window. Where the log has lost rows of a closed window (its retention sweeps them), what was
 * counted while they were there stands.
 */
async function countWindows(
  { database, now }: DeploymentContext,
  series: MonitoredSeries,
  parts: { baseline: DriftBaseline; rows: number; predictions: Relation; labelled: Relation },
): Promise<CountedWindow[]> {
  const { baseline, rows, predictions, labelled } = parts;
  const stored = await readWindowResults(database, series);
  const closed = stored.filter(({ isClosed }) => isClosed);
  const windows = await cutWindows(database, predictions, { rows, closed, now: now() * 1000 });
  const errors = await liveErrors(database, labelled, windows);
  const counted: CountedWindow[] = [];
  for (const [index, window] of windows.entries()) {
    const state = await countWindow(database, predictions, baseline, window);
    const known = closed.find(({ from }) => from === window.from);
    const isSwept =
      known?.state.baselineDigest === state.baselineDigest && known.state.rowCount > state.rowCount;
    counted.push(isSwept ? known : { ...window, state, ...errors[index]! });
  }
  return counted;
}

type DecidedWindow = CountedWindow & Pick<MonitoredWindow, 'verdict' | 'alert'>;

/** Verdicts, and the alert after each window, oldest first. */
function decideWindows(
  counted: readonly CountedWindow[],
  baseline: DriftBaseline,
  policy: ModelDefinition['monitoring'],
): DecidedWindow[] {
  let alert = noAlert;
  return counted.map(({ from, to, isClosed, state, labelled, liveRmse }) => {
    const verdict = decideDrift({ baseline, state, policy });
    alert = reduceAlert(alert, { outcome: verdict.outcome, from }, policy.alert);
    return { from, to, isClosed, state, labelled, liveRmse, verdict, alert };
  });
}

function outcomeOf(windows: readonly DecidedWindow[]): MonitorOutcome['outcome'] {
  const alert = windows.at(-1)?.alert ?? noAlert;
  if (alert.recent.length === 0) return 'insufficient';
  return alert.firing ? 'alert' : 'ok';
}

async function servingVersion({ registry }: DeploymentContext, name: string): Promise<ModelVersion> {
  const version = await registry.findVersionByAlias(name, 'production');
  if (version !== undefined) return version;
  throw new SlipwayError('model_version_not_found', {
    what: `No version of ${name} serves, so there is nothing to monitor`,
    next: 'Run "slipway deploy" first',
  });
}
