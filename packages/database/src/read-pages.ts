import { batchFromRows, type CellValue, type ColumnBatch, type ColumnSpec } from '@slipway/contracts';
import type { Transaction } from './database.ts';
import { quoteIdentifier } from './identifiers.ts';
import { inlineParameters, type SqlParameter } from './inline-parameters.ts';

export interface PageQuery {
  /** A SELECT that yields the columns; what order its rows come in is its own affair. */
  readonly sql: string;
  readonly parameters?: readonly SqlParameter[];
  readonly columns: readonly ColumnSpec[];
  /** Most rows of a page. */
  readonly pageRows: number;
}

/**
 * Reads a query page by page through a cursor, so that memory does not grow with its rows. All pages are of one moment,
 * and the transaction may write between them. One at a time in a transaction.
 * @throws SlipwayError `value_unsupported` for values that would lose a bit, naming column and row of the page
 */
export async function* readPages(
  transaction: Transaction,
  { sql, parameters, columns, pageRows }: PageQuery,
): AsyncGenerator<ColumnBatch> {
  const cells = columns.map(
    ({ name, type }, index) => `${cellSql(quoteIdentifier(name), type)} AS c${index}`,
  );
  const query = `SELECT ${cells.join(', ')} FROM (${inlineParameters(sql, parameters)}\n) AS query`;
  await transaction.execute(`DECLARE slipway_pages NO SCROLL CURSOR FOR ${query}`);
  for (;;) {
    const rows = await transaction.query<Record<string, CellValue>>(`FETCH ${pageRows} FROM slipway_pages`);
    if (rows.length > 0) yield toBatch(rows, columns);
    if (rows.length < pageRows) break;
  }
  await transaction.execute('CLOSE slipway_pages');
}

/** Numbers of all kinds come as doubles, which hold every long and time that we take. */
function cellSql(name: string, type: ColumnSpec['type']): string {
  switch (type) {
    case 'datetime':
      return `(extract(epoch FROM ${name}::timestamptz) * 1000000)::float8`;
    case 'boolean':
    case 'string':
      return `${name}::${type === 'string' ? 'text' : 'boolean'}`;
    case 'double':
    case 'long':
      return `${name}::float8`;
  }
}

function toBatch(
  rows: readonly Readonly<Record<string, CellValue>>[],
  columns: readonly ColumnSpec[],
): ColumnBatch {
  const placed = columns.map(({ type }, index) => ({ name: `c${index}`, type }));
  const batch = batchFromRows(rows, placed);
  return {
    ...batch,
    columns: batch.columns.map((column, index) => ({ ...column, name: columns[index]?.name ?? '' })),
  };
}
