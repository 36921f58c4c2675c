import { quoteIdentifier, quoteTable, type Database } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { readLoads } from './read-loads.ts';
import { rowsTable } from './rows-table.ts';

export interface FeatureTableStatus {
  /** Current rows. */
  readonly rows: number;
  /** Number of the newest load: the watermark that "as known now" means. 0 before the first. */
  readonly watermark: number;
  /** Microseconds since 1970-01-01 UTC; null without an event time or rows. */
  readonly newestEventTime: number | null;
  /** The earliest load that the table can still be read at; 0 while nothing was swept. */
  readonly oldestLoad: number;
  /** When the newest load came, microseconds since 1970-01-01 UTC; null before the first. */
  readonly newestLoadAt: number | null;
}

/** What a feature table holds now. Only reads. A table that was never created is empty. */
export async function featureTableStatus(
  database: Database,
  table: FeatureTable,
): Promise<FeatureTableStatus> {
  const known = await readLoads(database, table.name);
  if (known === undefined)
    return { rows: 0, watermark: 0, newestEventTime: null, oldestLoad: 0, newestLoadAt: null };
  const newest =
    table.eventTime === undefined
      ? 'NULL'
      : `(extract(epoch FROM max(${quoteIdentifier(table.eventTime)})) * 1000000)::bigint`;
  const [row] = await database.query<{ rows: string; newest: string | null }>(
    `SELECT count(*) AS rows, ${newest} AS newest FROM ${quoteTable(rowsTable(table))} WHERE superseded_by IS NULL`,
  );
  const time = row?.newest ?? null;
  return {
    rows: Number(row?.rows ?? 0),
    watermark: known.newest,
    newestEventTime: time === null ? null : Number(time),
    oldestLoad: known.oldest,
    newestLoadAt: known.newestAt,
  };
}
