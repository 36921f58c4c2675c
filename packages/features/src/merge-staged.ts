import { quoteIdentifier, quoteTable, type TableName, type Transaction } from '@slipway/database';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { insertFirst } from './insert-first.ts';
import { rowsTable } from './rows-table.ts';

export interface MergeCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/**
 * Merges staged rows as load `number`: a row with a new key is inserted, one with a known key and other values
 * supersedes the current version, an equal one is left alone.
 */
export async function mergeStaged(
  transaction: Transaction,
  { table, staging, number }: { table: FeatureTable; staging: TableName; number: number },
): Promise<MergeCounts> {
  const names = Object.keys(table.columns).map(quoteIdentifier);
  const rows = quoteTable(rowsTable(table));
  const sameKey = rowKey(table)
    .map(quoteIdentifier)
    .map((name) => `stored.${name} = staged.${name}`)
    .join(' AND ');
  const values = (alias: string): string => names.map((name) => `${alias}.${name}`).join(', ');
  const insert = `INSERT INTO ${rows} (${names.join(', ')}, loaded_by)
     SELECT ${values('staged')}, ${number} FROM ${quoteTable(staging)} AS staged`;
  const first = await insertFirst(transaction, table, insert);
  if (first !== undefined) return { inserted: first, updated: 0, unchanged: 0 };
  const [total] = await transaction.query<{ rows: string }>(
    `SELECT count(*) AS rows FROM ${quoteTable(staging)}`,
  );
  const updated = await transaction.execute(
    `UPDATE ${rows} AS stored SET superseded_by = ${number} FROM ${quoteTable(staging)} AS staged
     WHERE stored.superseded_by IS NULL AND ${sameKey} AND (${values('stored')}) IS DISTINCT FROM (${values('staged')})`,
  );
  const written = await transaction.execute(
    `${insert} WHERE NOT EXISTS (SELECT 1 FROM ${rows} AS stored WHERE stored.superseded_by IS NULL AND ${sameKey})`,
  );
  return { inserted: written - updated, updated, unchanged: Number(total?.rows ?? 0) - written };
}
