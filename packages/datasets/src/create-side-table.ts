import { SlipwayError, type Relation } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type TableName, type Transaction } from '@slipway/database';
import { buildTable } from './seal-dataset.ts';
import { isTestRow } from './is-test-row.ts';
import { labelledRows } from './labelled-rows.ts';
import type { ResolvedSplit, SplitSide } from './split-schema.ts';

/**
 * Fills a new table with one side of a split, where the rows are.
 * @throws SlipwayError `dataset_empty` when no row is on that side, `configuration_invalid`
 */
export async function createSideTable(
  transaction: Transaction,
  {
    relation,
    split,
    side,
  }: { readonly relation: Relation; readonly split: ResolvedSplit; readonly side: SplitSide },
): Promise<TableName> {
  const build = buildTable();
  const names = relation.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const place = quoteIdentifier(unusedName(relation));
  const rows = `SELECT ${names}, ${isTestRow(relation, split)} AS ${place} FROM (${labelledRows(relation)}) AS labelled`;
  const created = await transaction.execute(
    `CREATE TABLE ${quoteTable(build)} AS SELECT ${names} FROM (${rows}) AS placed WHERE ${place} = ${side === 'test'}`,
  );
  if (created > 0) return build;
  throw new SlipwayError('dataset_empty', {
    what: `The split of ${relation.source} leaves no rows on the ${side} side`,
    next: 'Load more data, or change the split',
  });
}

function unusedName({ columns }: Relation): string {
  const names = new Set(columns.map(({ name }) => name));
  let name = 'is_test';
  while (names.has(name)) name += '_';
  return name;
}
