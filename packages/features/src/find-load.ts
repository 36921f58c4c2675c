import type { Queryable } from '@slipway/database';

/** An entry of the load log. */
export interface FeatureLoad {
  readonly table: string;
  readonly load: number;
  /** File name or description of where the rows came from. */
  readonly source: string;
  readonly loadedAt: Date;
}

/**
 * The newest load of a feature table that came before a time, as all earlier ones did: the state it was in then; 0 before the
 * first. Numbers grow and clocks need not: a load that was noted too early, after one of a later time, is not taken for an
 * old one.
 * @param options.before milliseconds since 1970-01-01 UTC
 */
export async function findLoadBefore(
  queryable: Queryable,
  { table, before }: { readonly table: string; readonly before: number },
): Promise<number> {
  const [row] = await queryable.query<{ load: string }>(
    `SELECT coalesce(min(number) FILTER (WHERE loaded_at >= $2) - 1, max(number), 0) AS load
     FROM features._load WHERE feature_table = $1`,
    [table, new Date(before)],
  );
  return Number(row?.load ?? 0);
}

/** The load of a feature table by its number, or undefined. */
export async function findLoad(
  queryable: Queryable,
  { table, load }: { readonly table: string; readonly load: number },
): Promise<FeatureLoad | undefined> {
  const [row] = await queryable.query<{ source: string; loaded_at: Date }>(
    'SELECT source, loaded_at FROM features._load WHERE feature_table = $1 AND number = $2',
    [table, load],
  );
  return row === undefined ? undefined : { table, load, source: row.source, loadedAt: row.loaded_at };
}
