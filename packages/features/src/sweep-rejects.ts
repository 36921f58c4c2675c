import type { Database } from '@slipway/database';

/**
 * Drops the reports of refused batches whose retention is over, of all tables.
 * @param options.now milliseconds since 1970-01-01 UTC
 * @param options.apply without it nothing is dropped
 * @returns reports that are, or would be, dropped
 */
export async function sweepRejects(
  database: Database,
  { now, apply }: { readonly now: number; readonly apply: boolean },
): Promise<number> {
  const until = new Date(now);
  if (apply) return database.execute('DELETE FROM features._reject WHERE keep_until <= $1', [until]);
  const [found] = await database.query<{ reports: string }>(
    'SELECT count(*) AS reports FROM features._reject WHERE keep_until <= $1',
    [until],
  );
  return Number(found?.reports ?? 0);
}
