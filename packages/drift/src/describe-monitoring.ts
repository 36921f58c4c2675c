import { mostMoved } from './compare-column.ts';
import { describeMissingLabels } from './describe-missing-labels.ts';
import type { DriftVerdict } from './decide-drift.ts';
import type { MonitoringPolicy } from './monitoring-schema.ts';

/** What a monitoring found, as far as one sentence needs it. */
export interface MonitoringFindings {
  readonly outcome: 'ok' | 'alert' | 'insufficient';
  /** Oldest first. */
  readonly windows: readonly { readonly verdict: DriftVerdict }[];
  readonly policy: MonitoringPolicy;
  readonly testRmse: number | null;
  readonly liveRmse: number | null;
  /** Labels that have arrived while none matches a prediction. @default 0 */
  readonly unmatchedLabels?: number;
}

/**
 * The reason for the outcome in one sentence, for example "the newest 4 full windows drift (PSI 0.49 to 0.74), live RMSE
 * 4.0 times test; moved most: temperature". Full windows are those with enough rows for a verdict.
 */
export function describeMonitoring({
  outcome,
  windows,
  policy,
  testRmse,
  liveRmse,
  unmatchedLabels,
}: MonitoringFindings): string {
  const verdicts = windows
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict.outcome !== 'insufficient');
  const newest = verdicts.at(-1);
  if (newest === undefined) {
    const needed = `no window has the ${policy.minimumRows} predictions a verdict needs`;
    return windows.length === 0 ? 'no predictions have arrived yet' : needed;
  }
  const error =
    liveRmse === null || testRmse === null || testRmse === 0
      ? `live error unknown, ${describeMissingLabels(unmatchedLabels)}`
      : `live RMSE ${(liveRmse / testRmse).toFixed(1)} times test`;
  const moved = mostMoved(newest.features).map(({ name }) => name);
  const most = outcome === 'alert' && moved.length > 0 ? `; moved most: ${moved.join(', ')}` : '';
  return `${describeWindows(verdicts, policy)}, ${error}${most}`;
}

function describeWindows(verdicts: readonly DriftVerdict[], { alert }: MonitoringPolicy): string {
  const recent = verdicts.slice(-alert.of);
  const drifting = recent.filter(({ outcome }) => outcome === 'drift');
  const row = verdicts.length - 1 - verdicts.findLastIndex(({ outcome }) => outcome === 'ok');
  if (row >= alert.violating) {
    const those = verdicts.slice(-row);
    return `${row === 1 ? 'the newest full window drifts' : `the newest ${row} full windows drift`} (${psiRange(those)})`;
  }
  if (drifting.length === 0) {
    const newest = verdicts.at(-1)!;
    return `the newest full window looks like the test period (${psiRange([newest])})`;
  }
  const count = `${drifting.length} of the newest ${recent.length} full windows ${drifting.length === 1 ? 'drifts' : 'drift'} (${psiRange(drifting)})`;
  if (row > 0 && drifting.length >= alert.violating) return `${count}, the newest among them`;
  return `${count}, an alert needs ${alert.violating} with the newest among them`;
}

function psiRange(verdicts: readonly DriftVerdict[]): string {
  const scores = verdicts.map(({ prediction }) => prediction.psi ?? 0);
  const [low, high] = [Math.min(...scores), Math.max(...scores)].map((score) => score.toFixed(2));
  return low === high ? `PSI ${low}` : `PSI ${low} to ${high}`;
}
