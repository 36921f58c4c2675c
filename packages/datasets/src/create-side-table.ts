import { SlipwayError } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type TableName, type Transaction } from '@slipway/database';
import { buildTable } from './seal-dataset.ts';
import type { SplitSide } from './split-schema.ts';
import type { PlacedRows } from './with-placed-rows.ts';

/**
 * Fills a new table with one side of a split, where the rows are.
 * @throws SlipwayError `dataset_empty` when no row is on that side
 */
export async function createSideTable(
  transaction: Transaction,
  { table, relation, isTest }: PlacedRows,
  side: SplitSide,
): Promise<TableName> {
  const build = buildTable();
  const names = relation.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const created = await transaction.execute(
    `CREATE TABLE ${quoteTable(build)} AS SELECT ${names} FROM ${quoteTable(table)} WHERE ${isTest} = ${side === 'test'}`,
  );
  if (created > 0) return build;
  throw new SlipwayError('dataset_empty', {
    what: `The split of ${relation.source} leaves no rows on the ${side} side`,
    next: 'Load more data, or change the split',
  });
}
