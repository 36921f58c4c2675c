import { quoteTable, type Transaction } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/**
 * Runs the INSERT of a first load: nothing is there to compare with, and indexes are made once the rows are there, which
 * takes half the time of keeping them meanwhile. Readers wait for it, who would see an empty table.
 * @returns rows inserted; undefined, and nothing was done, when the table has rows or belongs to somebody else
 */
export async function insertFirst(
  transaction: Transaction,
  table: FeatureTable,
  insert: string,
): Promise<number | undefined> {
  const rows = quoteTable(rowsTable(table));
  // Only an owner may drop an index.
  const [found] = await transaction.query<{ fits: boolean }>(
    `SELECT NOT EXISTS (SELECT FROM ${rows}) AND pg_has_role(relowner, 'USAGE') AS fits FROM pg_class WHERE oid = $1::regclass`,
    [rows],
  );
  if (found?.fits !== true) return undefined;
  const indexes = await transaction.query<{ name: string; definition: string }>(
    'SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index WHERE indrelid = $1::regclass',
    [rows],
  );
  for (const { name } of indexes) await transaction.execute(`DROP INDEX ${name}`);
  const inserted = await transaction.execute(insert);
  for (const { definition } of indexes) await transaction.execute(definition);
  return inserted;
}
