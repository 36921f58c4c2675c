import type { ColumnBatch, ColumnSpec } from '@slipway/contracts';
import { createBatchDecoder } from './decode-batch.ts';
import type { Queryable } from './database.ts';
import { encodeBatch } from './encode-batch.ts';
import { quoteIdentifier, quoteTable, type TableName } from './identifiers.ts';
import { inlineParameters, type SqlParameter } from './inline-parameters.ts';
import { postgresTypes } from './postgres-types.ts';

/**
 * Appends a batch to a table by binary COPY; columns are matched by name. All rows or none.
 * @throws SlipwayError `value_unsupported` for values that would be changed, naming column and row
 */
export async function writeBatch(queryable: Queryable, table: TableName, batch: ColumnBatch): Promise<void> {
  const columns = batch.columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  await queryable.copyIn(
    `COPY ${quoteTable(table)} (${columns}) FROM STDIN (FORMAT binary)`,
    encodeBatch(batch),
  );
}

export interface BatchQuery {
  /** A SELECT that yields the columns, in order; each is cast to its type. */
  readonly sql: string;
  readonly parameters?: readonly SqlParameter[];
  readonly columns: readonly ColumnSpec[];
  /** Columns of the query to order the rows by, ascending, text by code point; with their types where they are not read. */
  readonly orderBy?: readonly (string | ColumnSpec)[];
}

/**
 * Reads a query by binary COPY into typed arrays.
 * @throws SlipwayError `value_unsupported` for values that would lose a bit, naming column and row
 */
export async function readBatch(
  queryable: Queryable,
  { sql, parameters, columns, orderBy = [] }: BatchQuery,
): Promise<ColumnBatch> {
  const decoder = createBatchDecoder(columns);
  const list = columns.map(({ name, type }) => `${quoteIdentifier(name)}::${postgresTypes[type]}`).join(', ');
  const typeOf = new Map(columns.map(({ name, type }) => [name, type]));
  const order = orderBy
    .map((column) => (typeof column === 'string' ? { name: column, type: typeOf.get(column) } : column))
    .map(({ name, type }) => quoteIdentifier(name) + (type === 'string' ? ' COLLATE "C"' : ''))
    .join(', ');
  const query = `SELECT ${list} FROM (${inlineParameters(sql, parameters)}\n) AS query${order === '' ? '' : ` ORDER BY ${order}`}`;
  await queryable.copyOut(`COPY (${query}) TO STDOUT (FORMAT binary)`, decoder.push);
  return decoder.finish();
}
