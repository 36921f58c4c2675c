import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { columnCount } from './cell-problem.ts';
import { checkCsvHeader } from './check-csv-header.ts';
import { checkReadableFile } from './check-readable-file.ts';
import { checkUtf8 } from './check-utf8.ts';
import { createBatchBuilder, type BatchBuilder } from './create-batch-builder.ts';
import { CsvProblem } from './csv-problem.ts';
import { csvRecords, type CsvRecord } from './csv-records.ts';
import type { FeatureFile } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import type { ReadProblems } from './read-problems.ts';

/** Bytes that are read at a time. */
const pieceBytes = 1 << 18;

/**
 * The rows of a CSV file as batches with all staged columns. A cell that could not be read is NULL, noted in its row and
 * counted in `problems`; a row that could not be read at all is only counted.
 * @throws SlipwayError `file_not_found`, `file_unreadable`, `schema_mismatch` for a wrong header
 */
export async function* csvBatches(
  table: FeatureTable,
  { path, where }: FeatureFile,
  problems: ReadProblems,
): AsyncGenerator<ColumnBatch> {
  const file = basename(path);
  let builder: BatchBuilder | undefined;
  for await (const records of openCsv(path)) {
    for (const { cells, emptyTexts, line } of records) {
      if (builder === undefined) {
        const names = checkCsvHeader(table, { names: [...cells], line, file });
        builder = createBatchBuilder(table, { names, where, problems });
      } else if (cells.length === builder.width) {
        if (builder.add({ cells, emptyTexts }, line)) yield builder.take();
      } else {
        problems.addRows(1);
        problems.add(columnCount, line);
      }
    }
  }
  if (builder === undefined)
    throw new SlipwayError('file_unreadable', { what: `${file} is empty`, expected: 'a header line' });
  yield builder.take();
}

async function* openCsv(path: string): AsyncGenerator<CsvRecord[]> {
  await checkReadableFile(path, 'a CSV file');
  try {
    yield* csvRecords(readText(path));
  } catch (cause) {
    throw describeProblem(basename(path), cause);
  }
}

/** An error of the file as what it is: no CSV, or a disk that failed. Any other is passed on. */
function describeProblem(file: string, cause: unknown): unknown {
  if (cause instanceof CsvProblem) {
    return new SlipwayError('file_unreadable', {
      what: `${file} is not valid CSV`,
      received: `${cause.code} near line ${cause.line}`,
      next: cause.next,
      cause,
    });
  }
  const { syscall, code } = cause as Partial<NodeJS.ErrnoException>;
  if (syscall === undefined) return cause;
  return new SlipwayError('file_unreadable', {
    what: `${file} cannot be read to its end`,
    received: code ?? 'an error',
    next: 'Check the disk or network folder that it lies on, and load again',
    cause,
  });
}

async function* readText(path: string): AsyncGenerator<string> {
  const bytes = createReadStream(path, { highWaterMark: pieceBytes });
  // Pieces end between characters.
  for await (const piece of checkUtf8(bytes, basename(path))) yield piece.toString();
}
