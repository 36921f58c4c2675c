import type { Queryable } from '@slipway/database';

export interface WindowResult {
  readonly model: string;
  readonly version: string;
  /** Event time of the first row, microseconds since 1970-01-01 UTC. */
  readonly windowStart: number;
  readonly rowCount: number;
  readonly outcome: 'ok' | 'drift' | 'insufficient';
  readonly psi: number | null;
  readonly pValue: number | null;
  readonly liveRmse: number | null;
}

/**
 * Keeps the verdicts of windows in `monitoring.window_result`; a window monitored again replaces its row.
 * @param monitoredAt microseconds since 1970-01-01 UTC
 */
export async function storeWindowResults(
  queryable: Queryable,
  results: readonly WindowResult[],
  monitoredAt: number,
): Promise<void> {
  await queryable.execute(
    `INSERT INTO monitoring.window_result
     SELECT model, version, timestamptz 'epoch' + "windowStart" * interval '1 microsecond', "rowCount", outcome, psi,
       "pValue", "liveRmse", timestamptz 'epoch' + $2::bigint * interval '1 microsecond'
     FROM jsonb_to_recordset($1::jsonb) AS result(model text, version text, "windowStart" bigint, "rowCount" bigint,
       outcome text, psi float8, "pValue" float8, "liveRmse" float8)
     ON CONFLICT (model, version, window_start) DO UPDATE SET row_count = excluded.row_count,
       outcome = excluded.outcome, psi = excluded.psi, p_value = excluded.p_value, live_rmse = excluded.live_rmse,
       monitored_at = excluded.monitored_at`,
    [JSON.stringify(results), monitoredAt],
  );
}
