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
 * @throws SlipwayError `schema_mismatch` for a column the dataset lacks
 */
export function readDataset(
  database: Database,
  ref: DatasetRef,
  {
    columns,
    orderBy = [],
  }: { readonly columns?: readonly string[]; readonly orderBy?: readonly string[] } = {},
): Promise<ColumnBatch> {
  const specs = columns === undefined ? ref.columns : specsOf(ref, columns);
  const sql = `SELECT ${specs.map(({ name }) => quoteIdentifier(name)).join(', ')} FROM ${quoteTable(ref)}`;
  return readBatch(database, { sql, columns: specs, orderBy });
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
 * @throws SlipwayError `schema_mismatch` for a column that neither the test set nor the source has
 */
export function rowsAbsentFrom(
  database: Database,
  { test, tables, keyColumns, columns, source }: AbsentRowsQuery,
): Promise<ColumnBatch> {
  const isOfTest = (name: string): boolean => test.columns.some((column) => column.name === name);
  const specs = columns.map((name) =>
    source === undefined || isOfTest(name) ? findColumn(test, name) : findColumn(source, name),
  );
  const list = specs.map(({ name }) => `${isOfTest(name) ? 'test' : 'source'}.${quoteIdentifier(name)}`);
  const join =
    source === undefined
      ? ''
      : `JOIN (${inlineParameters(source.sql, source.parameters)}\n) AS source ON ${sameKey('source', keyColumns)}`;
  const conditions = tables.map(
    (table) => `NOT EXISTS (SELECT FROM ${quoteTable(table)} AS other WHERE ${sameKey('other', keyColumns)})`,
  );
  const sql = `SELECT ${list.join(', ')} FROM ${quoteTable(test)} AS test ${join}
    WHERE ${['true', ...conditions].join(' AND ')}`;
  return readBatch(database, { sql, columns: specs, orderBy: keyColumns });
}

function sameKey(alias: string, keyColumns: readonly string[]): string {
  return keyColumns
    .map((name) => `${alias}.${quoteIdentifier(name)} = test.${quoteIdentifier(name)}`)
    .join(' AND ');
}

function specsOf(ref: DatasetRef, names: readonly string[]): ColumnSpec[] {
  return names.map((name) => findColumn(ref, name));
}

function findColumn(table: Pick<DatasetRef | Relation, 'columns'>, name: string): ColumnSpec {
  const columns: readonly ColumnSpec[] = table.columns;
  const column = columns.find((candidate) => candidate.name === name);
  if (column !== undefined) return { name, type: column.type };
  throw new SlipwayError('schema_mismatch', {
    what: `There is no column "${name}"`,
    expected: columns.map((known) => known.name).join(', '),
  });
}
