import { batchFromRows, type CellValue, type ColumnBatch, type ColumnType } from '@slipway/contracts';
import { typeProblem } from './cell-problem.ts';
import type { EventWindow } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { isInside } from './is-inside.ts';
import type { ReadProblems } from './read-problems.ts';
import type { SourceRow } from './source-row.ts';
import {
  sourceLine,
  stagedBatchCharacters,
  stagedBatchRows,
  stagedColumns,
  unreadCells,
} from './staging-table.ts';

export interface StagedBatchesOptions {
  readonly where?: EventWindow | undefined;
  readonly problems: ReadProblems;
}

/**
 * Source rows as batches with all staged columns. A cell that could not be read is NULL, noted in its row and counted in
 * `problems`.
 */
export async function* stagedBatches(
  table: FeatureTable,
  source: AsyncIterable<SourceRow>,
  { where, problems }: StagedBatchesOptions,
): AsyncGenerator<ColumnBatch> {
  const columns = stagedColumns(table);
  const texts = columns.filter(({ type }) => type === 'string').map(({ name }) => name);
  let rows: Record<string, CellValue>[] = [];
  let characters = 0;
  for await (const { cells, unread, place } of source) {
    if (!isInside(Number(cells[where?.column ?? ''] ?? NaN), where)) continue;
    problems.addRows(1);
    for (const name of unread) problems.add(typeProblem(name, typeOf(table, name)), place);
    cells[sourceLine] = place;
    cells[unreadCells] = unread.length === 0 ? null : `,${unread.join(',')},`;
    rows.push(cells);
    for (const name of texts) characters += String(cells[name] ?? '').length;
    if (rows.length < stagedBatchRows && characters < stagedBatchCharacters) continue;
    yield batchFromRows(rows, columns);
    rows = [];
    characters = 0;
  }
  yield batchFromRows(rows, columns);
}

function typeOf({ columns }: FeatureTable, name: string): ColumnType {
  return (columns[name] as FeatureTable['columns'][string]).type;
}
