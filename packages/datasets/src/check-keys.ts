import { SlipwayError, type RelationColumn } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type Transaction } from '@slipway/database';
import { rowKeyColumns, rowKeyOf } from './row-key.ts';
import type { PlacedRows } from './with-placed-rows.ts';

/**
 * Row keys are unique, and so the two sides are disjoint: checked, not assumed.
 * @throws SlipwayError `dataset_overlap` when a row key is on both sides, `key_duplicate` when one comes twice on a side
 */
export async function checkKeys(transaction: Transaction, placed: PlacedRows): Promise<void> {
  if (await haveDistinctHashes(transaction, placed)) return;
  const { table, relation, isTest } = placed;
  const key = rowKeyOf(relation).map(quoteIdentifier).join(', ');
  const [found] = await transaction.query<{ keys: string; shared: string }>(
    `SELECT count(*) AS keys, count(*) FILTER (WHERE sides > 1) AS shared FROM (
       SELECT count(DISTINCT ${isTest}) AS sides FROM ${quoteTable(table)} GROUP BY ${key} HAVING count(*) > 1) AS repeated`,
  );
  const [keys, shared] = [Number(found?.keys ?? 0), Number(found?.shared ?? 0)];
  if (keys === 0) return;
  throw new SlipwayError(shared > 0 ? 'dataset_overlap' : 'key_duplicate', {
    what: `${keys} row keys of ${relation.source} come more than once, ${shared} of them on both sides of the split`,
    expected: 'each entity key and event time once',
    next: 'Correct the source, or add the column that tells the rows apart to the entity key',
  });
}

/**
 * Equal keys have equal hashes: as many hashes as rows, and no key comes twice. Sorting 8 bytes a row is a fraction of
 * grouping keys. Fewer hashes prove nothing, so that the keys themselves decide.
 */
async function haveDistinctHashes(
  transaction: Transaction,
  { table, relation }: PlacedRows,
): Promise<boolean> {
  const [found] = await transaction.query<{ distinct: boolean }>(
    `SELECT count(DISTINCT ${keyHash(rowKeyColumns(relation))}) = count(*) AS distinct FROM ${quoteTable(table)}`,
  );
  return found?.distinct ?? false;
}

/** A key as 8 bytes. Postgres folds longs and times to 32 bits before it hashes them, but not doubles. */
function keyHash(key: readonly RelationColumn[]): string {
  const [only] = key;
  // Eight bytes as it is.
  if (only !== undefined && key.length === 1 && ['long', 'datetime'].includes(only.type))
    return quoteIdentifier(only.name);
  const cells = key.map(({ name, type }) => {
    const column = quoteIdentifier(name);
    if (type === 'long') return `${column}::float8`;
    return type === 'datetime' ? `date_part('epoch', ${column})` : column;
  });
  return `hash_record_extended(ROW(${cells.join(', ')}), 0)`;
}
