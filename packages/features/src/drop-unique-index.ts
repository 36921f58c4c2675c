import { quoteTable, type Transaction } from '@slipway/database';
import { keyIndexName } from './create-rows-table.ts';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/** Drops the index of a unique set. It is found by its columns: tables of older programs name theirs by place. */
export async function dropUniqueIndex(
  transaction: Transaction,
  table: FeatureTable,
  set: readonly string[],
): Promise<void> {
  const found = await transaction.query<{ name: string; columns: string[] }>(
    `SELECT made.indexrelid::regclass::text AS name,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = made.indrelid AND attnum = ANY (made.indkey)) AS columns
     FROM pg_index AS made JOIN pg_class AS index ON index.oid = made.indexrelid
     WHERE made.indrelid = $1::regclass AND made.indisunique AND index.relname <> $2`,
    [quoteTable(rowsTable(table)), keyIndexName(table)],
  );
  const sorted = JSON.stringify([...set].sort());
  for (const { name, columns } of found)
    if (JSON.stringify(columns.sort()) === sorted) await transaction.execute(`DROP INDEX ${name}`);
}
