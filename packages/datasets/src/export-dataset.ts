import { quoteIdentifier, quoteTable, type Queryable } from '@slipway/database';
import type { CataloguedDataset } from './list-datasets.ts';
import { rowKeyOfDataset } from './row-key-of-dataset.ts';
import { textCell } from './text-cell.ts';

/**
 * Streams a stored dataset as CSV: UTF-8, a header, rows in row-key order, an empty cell for NULL and `""` for an empty
 * text. The same dataset gives the same bytes everywhere. `onChunk` must take a chunk before it returns, as by
 * `writeSync`; then memory stays flat.
 */
export async function exportDataset(
  queryable: Queryable,
  dataset: Pick<CataloguedDataset, 'ref' | 'recipe'>,
  { onChunk }: { readonly onChunk: (chunk: Uint8Array) => void },
): Promise<void> {
  const { ref } = dataset;
  const isText = (name: string): boolean =>
    ref.columns.find((column) => column.name === name)?.type === 'string';
  const order = rowKeyOfDataset(dataset).map(
    (name) => `stored.${quoteIdentifier(name)}${isText(name) ? ' COLLATE "C"' : ''}`,
  );
  const orderBy = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  const rows = `SELECT ${ref.columns.map(textCell).join(', ')} FROM ${quoteTable(ref)} AS stored${orderBy}`;
  await queryable.copyOut(`COPY (${rows}) TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')`, onChunk);
}
