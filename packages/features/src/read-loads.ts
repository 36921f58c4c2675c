import type { Queryable } from '@slipway/database';

export interface KnownLoads {
  /** Number of the newest load: the watermark that "as known now" means. 0 before the first. */
  readonly newest: number;
  /** The earliest load that the table can still be read at; 0 while nothing was swept. */
  readonly oldest: number;
  /** When the newest load came, microseconds since 1970-01-01 UTC; null before the first. */
  readonly newestAt: number | null;
}

/** The loads of a feature table that it can be read at; undefined for a table that was never created. */
export async function readLoads(queryable: Queryable, name: string): Promise<KnownLoads | undefined> {
  // Numbers grow, clocks need not: an older load may be of a later time.
  const [row] = await queryable.query<{ newest: string; oldest: string; loaded: string | null }>(
    `SELECT coalesce(load.number, 0) AS newest, known.oldest_load AS oldest,
       (extract(epoch FROM load.loaded_at) * 1000000)::bigint AS loaded
     FROM features._feature_table AS known LEFT JOIN features._load AS load ON load.feature_table = known.name
     WHERE known.name = $1 ORDER BY load.number DESC NULLS LAST LIMIT 1`,
    [name],
  );
  if (row === undefined) return undefined;
  const newestAt = row.loaded === null ? null : Number(row.loaded);
  return { newest: Number(row.newest), oldest: Number(row.oldest), newestAt };
}
