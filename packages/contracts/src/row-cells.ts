import type { CellValue, ColumnBatch } from './column-batch.ts';

/** One row of a batch as a record; booleans come back as booleans, datetimes as microseconds. */
export function rowCells(batch: ColumnBatch, row: number): Record<string, CellValue> {
  const cells: Record<string, CellValue> = {};
  for (const column of batch.columns) {
    const value = column.values[row];
    if (value === undefined || value === null || Number.isNaN(value)) cells[column.name] = null;
    else cells[column.name] = column.type === 'boolean' ? value === 1 : value;
  }
  return cells;
}
