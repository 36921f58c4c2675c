import type { Relation } from '@slipway/contracts';
import { quoteIdentifier, type Database } from '@slipway/database';

/** Event times [from, to) of a window, microseconds since 1970-01-01 UTC, and its rows. */
export interface WindowRange {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** Cuts the predictions into windows of so many rows, in event-time order; rows of one time stay together. */
export async function windowRanges(
  database: Database,
  { sql, parameters }: Relation,
  size: number,
): Promise<WindowRange[]> {
  const ranges = await database.query<{ from: string; rows: string }>(
    `SELECT min(at) AS "from", count(*) AS rows FROM (
       SELECT ${microseconds('event_time')} AS at, (rank() OVER (ORDER BY event_time) - 1) / ${size} AS number
       FROM (${sql}) AS predictions WHERE event_time IS NOT NULL) AS numbered
     GROUP BY number ORDER BY number`,
    parameters,
  );
  const starts = ranges.map(({ from }) => Number(from));
  return ranges.map(({ rows }, index) => ({
    from: starts[index] ?? 0,
    to: starts[index + 1] ?? 8.6e15,
    rows: Number(rows),
  }));
}

/** Rows whose label has arrived, and their root mean squared error in the unit of the target. */
export async function liveError(
  database: Database,
  { sql, parameters }: Relation,
  { from, to }: Pick<WindowRange, 'from' | 'to'>,
): Promise<{ labelled: number; liveRmse: number | null }> {
  const [row] = await database.query<{ labelled: string; rmse: number | null }>(
    `SELECT count(*) AS labelled, sqrt(avg((prediction - label) ^ 2)) AS rmse
     FROM (${sql}) AS labelled
     WHERE ${microseconds('event_time')} >= ${from} AND ${microseconds('event_time')} < ${to}`,
    parameters,
  );
  return { labelled: Number(row?.labelled ?? 0), liveRmse: row?.rmse ?? null };
}

function microseconds(column: string): string {
  return `(extract(epoch FROM ${quoteIdentifier(column)}) * 1000000)::bigint`;
}
