import {
  SlipwayError,
  type ColumnBatch,
  type ColumnSpec,
  type DatasetRef,
  type Relation,
} from '@slipway/contracts';
import { inlineParameters, quoteIdentifier, quoteTable, readBatch, type Database } from '@slipway/database';

/**
 * Reads the rows of a dataset into memory.
 * @param options.columns all of them when left out
 * @param options.orderBy ascending, text by code point; without it the order is undefined
 * @throws SlipwayError `schema_mismatch` for a column the dataset lacks, read or ordered by
 */
export async function readDataset(
  database: Database,
  ref: DatasetRef,
  {
    columns,
    orderBy = [],
  }: { readonly columns?: readonly string[]; readonly orderBy?: readonly string[] } = {},
): Promise<ColumnBatch> {
  const specs = columns === undefined ? ref.columns : specsOf(ref, columns);
  const order = specsOf(ref, orderBy);
  const names = new Set([...specs, ...order].map(({ name }) => quoteIdentifier(name)));
  const sql = `SELECT ${[...names].join(', ')} FROM ${quoteTable(ref)}`;
  return readBatch(database, { sql, columns: specs, orderBy: order });
}

export interface AbsentRowsQuery {
  readonly test: DatasetRef;
  /** Tables whose row keys are left out. */
  readonly tables: readonly DatasetRef[];
  readonly keyColumns: readonly string[];
  readonly columns: readonly string[];
  /** Where to find columns that the test set lacks, by row key. */
  readonly source?: Relation | undefined;
}

/**
 * Rows of a test set whose row key is in none of the other tables, ordered by row key.
 * @throws SlipwayError `schema_mismatch` for a column that neither the test set nor the source has, or a key column that one
 * of the tables lacks
 */
export async function rowsAbsentFrom(
  database: Database,
  { test, tables, keyColumns, columns, source }: AbsentRowsQuery,
): Promise<ColumnBatch> {
  const isOfTest = (name: string): boolean => test.columns.some((column) => column.name === name);
  const specs = columns.map((name) =>
    source === undefined || isOfTest(name) ? findColumn(test, name) : findColumn(source, name),
  );
  const key = specsOf(test, keyColumns);
  for (const other of [...tables, ...(source === undefined ? [] : [source])]) specsOf(other, keyColumns);
  const list = new Set(
    [...specs, ...key].map(({ name }) => `${isOfTest(name) ? 'test' : 'source'}.${quoteIdentifier(name)}`),
  );
  const join =
    source === undefined
      ? ''
      : `JOIN (${inlineParameters(source.sql, source.parameters)}\n) AS source ON ${sameKey('source', keyColumns)}`;
  const conditions = tables.map(
    (table) => `NOT EXISTS (SELECT FROM ${quoteTable(table)} AS other WHERE ${sameKey('other', keyColumns)})`,
  );
  const sql = `SELECT ${[...list].join(', ')} FROM ${quoteTable(test)} AS test ${join}
    WHERE ${['true', ...conditions].join(' AND ')}`;
  return readBatch(database, { sql, columns: specs, orderBy: key });
}

function sameKey(alias: string, keyColumns: readonly string[]): string {
  return keyColumns
    .map((name) => `${alias}.${quoteIdentifier(name)} = test.${quoteIdentifier(name)}`)
    .join(' AND ');
}

function specsOf(table: DatasetRef | Relation, names: readonly string[]): ColumnSpec[] {
  return names.map((name) => findColumn(table, name));
}

function findColumn(table: DatasetRef | Relation, name: string): ColumnSpec {
  const columns: readonly ColumnSpec[] = table.columns;
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return { name, type: column.type };
  throw new SlipwayError('schema_mismatch', {
    what: `${'table' in table ? table.table : table.source} has no column "${name}"`,
    expected: `one of ${columns.map((known) => known.name).join(', ')}`,
    next: 'Correct the name, or read a dataset that was built with this column',
  });
}
