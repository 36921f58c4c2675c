import type { Relation } from '@slipway/contracts';
import { quoteIdentifier, quoteTable, type TableName, type Transaction } from '@slipway/database';
import { checkSourceTypes } from './check-source-types.ts';
import { isTestRow } from './is-test-row.ts';
import { labelledRows } from './labelled-rows.ts';
import { buildTable } from './seal-dataset.ts';
import type { ResolvedSplit } from './split-schema.ts';

/** The rows of a relation that a split puts on a side, in a table of their own. */
export interface PlacedRows {
  readonly table: TableName;
  readonly relation: Relation;
  /** Quoted name of the boolean column that is true for test rows; the other columns are the relation's. */
  readonly isTest: string;
}

/**
 * Places the rows of a relation for as long as `work` runs, without those on neither side. The relation is read once, in
 * one snapshot: both sides come from the same rows, whatever others commit meanwhile, and a dear query runs once.
 * @throws SlipwayError `configuration_invalid` when the relation lacks what the split needs, `schema_mismatch` for longs
 * that are none and strings that depend on the session
 */
export async function withPlacedRows<T>(
  transaction: Transaction,
  { relation, split }: { readonly relation: Relation; readonly split: ResolvedSplit },
  work: (placed: PlacedRows) => Promise<T>,
): Promise<T> {
  await checkSourceTypes(transaction, relation);
  const table = buildTable();
  const isTest = quoteIdentifier(unusedName(relation));
  const names = relation.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const rows = `SELECT ${names}, ${isTestRow(relation, split)} AS ${isTest} FROM (${labelledRows(relation)}) AS labelled OFFSET 0`;
  // OFFSET 0: otherwise the planner hashes each row once to keep it and once more to place it.
  // Unlogged: it is gone before the transaction ends. Not temporary: workers cannot scan a temporary table in parallel.
  await transaction.execute(
    `CREATE UNLOGGED TABLE ${quoteTable(table)} AS SELECT * FROM (${rows}) AS placed WHERE ${isTest} IS NOT NULL`,
  );
  const result = await work({ table, relation, isTest });
  await transaction.execute(`DROP TABLE ${quoteTable(table)}`);
  return result;
}

function unusedName({ columns }: Relation): string {
  const names = new Set(columns.map(({ name }) => name));
  let name = 'is_test';
  while (names.has(name)) name += '_';
  return name;
}
