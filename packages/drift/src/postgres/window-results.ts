import {
  alertStateSchema,
  driftStateSchema,
  parseStored,
  type AlertState,
  type DriftState,
} from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import type { DriftVerdict } from '../decide-drift.ts';
import type { Window } from './cut-windows.ts';
import type { LiveError } from './live-errors.ts';
import { microsecondsSql } from './live-relation.ts';

/** Whose windows: one run of one registered version. A version moved to another run begins anew. */
export interface MonitoredSeries {
  readonly registeredName: string;
  readonly version: string;
  readonly runId: string;
}

/** What is kept of a window. The verdict can be reached again from state and baseline. */
export interface WindowResult extends Window, LiveError {
  readonly state: DriftState;
  readonly outcome: DriftVerdict['outcome'];
  readonly psi: number | null;
  readonly pValue: number | null;
  /** After this window. */
  readonly alert: AlertState;
}

/**
 * Keeps the windows of a series in `monitoring.window_result`: closed ones replace their row, open ones all that were
 * open. Call it in a transaction.
 * @param computedAt microseconds since 1970-01-01 UTC
 */
export async function storeWindowResults(
  queryable: Queryable,
  { registeredName, version, runId }: MonitoredSeries,
  results: readonly WindowResult[],
  computedAt: number,
): Promise<void> {
  const series = [registeredName, version, runId];
  await queryable.execute(
    `DELETE FROM monitoring.window_result
     WHERE registered_name = $1 AND version = $2 AND run_id = $3 AND NOT is_closed`,
    series,
  );
  await queryable.execute(
    `INSERT INTO monitoring.window_result (registered_name, version, run_id, window_start, window_end, is_closed,
       baseline_digest, state, row_count, outcome, psi, p_value, labelled_count, live_rmse, alert, alert_firing, computed_at)
     SELECT $1, $2, $3, ${timestampOf('"from"')}, ${timestampOf('"to"')}, "isClosed",
       state->>'baselineDigest', state, (state->>'rowCount')::bigint, outcome, psi, "pValue", labelled, "liveRmse",
       alert, (alert->>'firing')::boolean, ${timestampOf('$5::bigint')}
     FROM jsonb_to_recordset($4::jsonb) AS result("from" bigint, "to" bigint, "isClosed" boolean, state jsonb,
       outcome text, psi float8, "pValue" float8, labelled bigint, "liveRmse" float8, alert jsonb)
     ON CONFLICT (registered_name, version, run_id, window_start) DO UPDATE SET
       baseline_digest = excluded.baseline_digest, state = excluded.state, row_count = excluded.row_count,
       outcome = excluded.outcome, psi = excluded.psi, p_value = excluded.p_value,
       labelled_count = excluded.labelled_count, live_rmse = excluded.live_rmse, alert = excluded.alert,
       alert_firing = excluded.alert_firing, computed_at = excluded.computed_at`,
    [...series, JSON.stringify(results), computedAt],
  );
}

/**
 * The windows of a series, oldest first; empty for one that was never monitored.
 * @throws SlipwayError `format_unsupported` or `schema_mismatch` for a state this program cannot read
 */
export async function readWindowResults(
  queryable: Queryable,
  { registeredName, version, runId }: MonitoredSeries,
): Promise<WindowResult[]> {
  const rows = await queryable.query<StoredWindow>(
    `SELECT ${microsecondsSql('window_start')} AS "from", ${microsecondsSql('window_end')} AS "to", is_closed AS "isClosed",
       state, outcome, psi, p_value AS "pValue", labelled_count AS labelled, live_rmse AS "liveRmse", alert
     FROM monitoring.window_result WHERE registered_name = $1 AND version = $2 AND run_id = $3 ORDER BY window_start`,
    [registeredName, version, runId],
  );
  return rows.map((row) => ({
    ...row,
    from: Number(row.from),
    to: row.to === null ? null : Number(row.to),
    labelled: Number(row.labelled),
    state: parseStored(driftStateSchema, 'drift state', row.state),
    alert: parseStored(alertStateSchema, 'alert state', row.alert),
  }));
}

/** As the driver returns it: bigint as text. */
interface StoredWindow extends Pick<WindowResult, 'isClosed' | 'outcome' | 'psi' | 'pValue' | 'liveRmse'> {
  readonly from: string;
  readonly to: string | null;
  readonly labelled: string;
  readonly state: unknown;
  readonly alert: unknown;
}

function timestampOf(microseconds: string): string {
  return `timestamptz 'epoch' + ${microseconds} * interval '1 microsecond'`;
}
