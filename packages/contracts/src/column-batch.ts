import type { ColumnType } from './column-type.ts';
import { SlipwayError } from './slipway-error.ts';
import { tellColumns } from './tell-columns.ts';

/** Values of a string column; NULL is null. */
export type StringValues = readonly (string | null)[];

/** A column whose values lie in a typed array: booleans are 0 and 1, datetimes microseconds; NULL is NaN. */
export interface NumericColumn {
  readonly name: string;
  readonly type: Exclude<ColumnType, 'string'>;
  readonly values: Float64Array;
}

export interface StringColumn {
  readonly name: string;
  readonly type: 'string';
  readonly values: StringValues;
}

export type Column = NumericColumn | StringColumn;

/** The in-memory table: one array per column, all of length `rowCount`. Lossless for the five column types. */
export interface ColumnBatch {
  readonly rowCount: number;
  readonly columns: readonly Column[];
}

/** A value as programs outside write it: datetimes as microseconds since 1970-01-01 UTC. */
export type CellValue = number | boolean | string | null;

/**
 * Puts columns together and checks that they form a table.
 * @throws SlipwayError `schema_mismatch` when lengths differ or a name comes twice
 */
export function createColumnBatch(columns: readonly Column[]): ColumnBatch {
  const rowCount = columns[0]?.values.length ?? 0;
  const names = new Set<string>();
  for (const { name, values } of columns) {
    if (values.length !== rowCount) {
      throw new SlipwayError('schema_mismatch', {
        what: `Column ${tellColumns([name])} has another length than the columns before it`,
        expected: `${rowCount} rows`,
        received: `${values.length}`,
      });
    }
    if (names.has(name))
      throw new SlipwayError('schema_mismatch', { what: `Column ${tellColumns([name])} comes twice` });
    names.add(name);
  }
  return { rowCount, columns };
}

/** The column of that name. @throws SlipwayError `schema_mismatch` when there is none */
export function getColumn(batch: ColumnBatch, name: string): Column {
  const column = batch.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw new SlipwayError('schema_mismatch', {
      what: 'A column is missing',
      expected: `"${name}"`,
      received: tellColumns(batch.columns.map((candidate) => candidate.name)) || 'no columns',
    });
  }
  return column;
}

/** The column of that name as numbers. @throws SlipwayError `schema_mismatch` when absent or of type string */
export function getNumericColumn(batch: ColumnBatch, name: string): NumericColumn {
  const column = getColumn(batch, name);
  if (column.type === 'string') {
    throw new SlipwayError('schema_mismatch', {
      what: `Column "${name}" has the wrong type`,
      expected: 'a number',
      received: 'string',
    });
  }
  return column;
}

/** The rows at these indexes, in this order; an index may come more than once. */
export function takeRows(batch: ColumnBatch, indexes: ArrayLike<number>): ColumnBatch {
  const columns = batch.columns.map((column): Column =>
    column.type === 'string'
      ? { ...column, values: Array.from(indexes, (index) => column.values[index] ?? null) }
      : { ...column, values: Float64Array.from(indexes, (index) => column.values[index] ?? NaN) },
  );
  return { rowCount: indexes.length, columns };
}

/** The named columns, in this order. @throws SlipwayError `schema_mismatch` when one is absent */
export function selectColumns(batch: ColumnBatch, names: readonly string[]): ColumnBatch {
  return { rowCount: batch.rowCount, columns: names.map((name) => getColumn(batch, name)) };
}
