import { basename } from 'node:path';
import type { ColumnBatch } from '@slipway/contracts';
import { checkEventWindow } from './check-event-window.ts';
import { csvBatches } from './csv-batches.ts';
import type { FeatureFile } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import { createReadProblems } from './read-problems.ts';
import { rejection } from './violation.ts';

/**
 * Reads a CSV file (UTF-8, with a header, BOM and CRLF allowed) as rows of a feature table, in batches: memory is flat.
 * @throws SlipwayError `file_not_found`, `file_unreadable`, `schema_mismatch` for a wrong header or a window of a column that
 * holds no times, `invalid_argument` for a window that holds no time, and `data_rejected` after the last batch when cells did
 * not fit their type, each kind counted with line numbers
 */
export async function* readFeatureBatches(
  table: FeatureTable,
  file: FeatureFile,
): AsyncGenerator<ColumnBatch> {
  checkEventWindow(table, file.where);
  const problems = createReadProblems('line');
  for await (const { rowCount, columns } of csvBatches(table, file, problems)) {
    // A file with a bad cell ends in an error: no row with a hole leaves this function before.
    if (problems.violations().length > 0) continue;
    yield { rowCount, columns: columns.filter(({ name }) => name in table.columns) };
  }
  const violations = problems.violations();
  if (violations.length === 0) return;
  const source = basename(file.path);
  throw rejection({ table: table.name, source, rowCount: problems.rowCount(), violations });
}

/** Reads a whole file as one batch, for files that fit in memory. Throws as {@link readFeatureBatches}. */
export async function readFeatureFile(table: FeatureTable, file: FeatureFile): Promise<ColumnBatch> {
  const batches: ColumnBatch[] = [];
  for await (const batch of readFeatureBatches(table, file)) batches.push(batch);
  const [first] = batches;
  if (batches.length === 1 && first !== undefined) return first;
  const rowCount = batches.reduce((sum, batch) => sum + batch.rowCount, 0);
  const columns = (first?.columns ?? []).map((column, index) => {
    const parts = batches.map((batch) => batch.columns[index]);
    if (column.type === 'string')
      return {
        ...column,
        values: parts.flatMap((part) => (part?.type === 'string' ? [...part.values] : [])),
      };
    const values = new Float64Array(rowCount);
    let at = 0;
    for (const part of parts) {
      if (part === undefined || part.type === 'string') continue;
      values.set(part.values, at);
      at += part.values.length;
    }
    return { ...column, values };
  });
  return { rowCount, columns };
}
