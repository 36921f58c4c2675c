import { quoteTable, withLease, type Database } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { loadUnknown } from './load-unknown.ts';
import { readLoads } from './read-loads.ts';
import { rowsTable } from './rows-table.ts';

/**
 * Drops row versions that nobody needs to see again: those superseded at or before the load `keepFrom`. The table can be
 * read as known at `keepFrom` and later; earlier loads throw `load_swept`. Serial with loads.
 * @param options.apply without it nothing is dropped
 * @returns row versions that are, or would be, dropped
 * @throws SlipwayError `load_unknown` when the table never had the load `keepFrom`, `lease_held`, `lease_lost`
 */
export async function sweepLoads(
  database: Database,
  table: FeatureTable,
  {
    keepFrom,
    apply,
    holder,
  }: { readonly keepFrom: number; readonly apply: boolean; readonly holder: string },
): Promise<number> {
  const known = await readLoads(database, table.name);
  if (known === undefined) return 0;
  // The floor is never lowered again: no later load would come up to one that is too high.
  if (!Number.isSafeInteger(keepFrom) || keepFrom < 0 || keepFrom > Math.max(known.newest, known.oldest))
    throw loadUnknown(table.name, keepFrom, known);
  const rows = quoteTable(rowsTable(table));
  if (!apply) {
    const [found] = await database.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${rows} WHERE superseded_by <= $1`,
      [keepFrom],
    );
    return Number(found?.rows ?? 0);
  }
  return withLease(database, { name: `features:${table.name}`, holder, waitMs: 600_000 }, (held) =>
    database.transaction(async (transaction) => {
      await held.fence(transaction);
      await transaction.execute(
        'UPDATE features._feature_table SET oldest_load = greatest(oldest_load, $2) WHERE name = $1',
        [table.name, keepFrom],
      );
      return transaction.execute(`DELETE FROM ${rows} WHERE superseded_by <= $1`, [keepFrom]);
    }),
  );
}
