import type { AlertState, DriftBaseline, DriftState } from '@slipway/contracts';
import type { DriftVerdict } from '../decide-drift.ts';
import type { MonitoringPolicy } from '../monitoring-schema.ts';

/** One monitored window. */
export interface ReportedWindow {
  /** Event times [from, to), microseconds since 1970-01-01 UTC; `to` is null where no later row has come yet. */
  readonly from: number;
  readonly to: number | null;
  readonly rows: number;
  readonly verdict: DriftVerdict;
  readonly labelled: number;
  readonly liveRmse: number | null;
  /** After this window. */
  readonly alert: AlertState;
}

/** What a feature table says about a column, as far as a report shows it. */
export interface ReportedColumn {
  readonly unit?: string | undefined;
  /** Values in their natural order. */
  readonly enum?: readonly string[] | undefined;
}

export interface DriftReport {
  readonly registeredName: string;
  readonly version: string;
  readonly runId: string;
  readonly target: string;
  readonly outcome: 'ok' | 'alert' | 'insufficient';
  readonly windows: readonly ReportedWindow[];
  readonly overall: DriftVerdict;
  readonly baseline: DriftBaseline;
  /** Counts over all windows. */
  readonly state: DriftState;
  readonly policy: MonitoringPolicy;
  readonly testRmse: number | null;
  readonly liveRmse: number | null;
  /** Rows with a label. */
  readonly labelled: number;
  /** Labels that have arrived while none matches a prediction. @default 0 */
  readonly unmatchedLabels?: number;
  /** What the feature table says about target and features: units, and the order of categories. */
  readonly columns?: Readonly<Record<string, ReportedColumn>>;
  /** When the report is made, microseconds since 1970-01-01 UTC. */
  readonly createdAt: number;
}
