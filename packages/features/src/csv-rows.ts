import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { SlipwayError, type CellValue } from '@slipway/contracts';
import { parse, type Parser } from 'csv-parse';
import { columnCount } from './cell-problem.ts';
import { checkCsvHeader } from './check-csv-header.ts';
import { checkReadableFile } from './check-readable-file.ts';
import { checkUtf8 } from './check-utf8.ts';
import type { FeatureTable } from './feature-table.ts';
import { parseCell } from './parse-cell.ts';
import type { SourceRow } from './source-row.ts';

/** Characters of one row; a quote that is never closed would otherwise bring the whole file into memory. */
const longestRow = 1 << 20;

/**
 * The rows of a CSV file, one at a time.
 * @throws SlipwayError `file_not_found`, `file_unreadable`, `schema_mismatch` for a wrong header
 */
export async function* csvRows(table: FeatureTable, path: string): AsyncGenerator<SourceRow> {
  let header: string[] | undefined;
  for await (const { record, line } of await openCsv(path)) {
    if (header === undefined) header = checkCsvHeader(table, { names: record, line, file: basename(path) });
    else if (record.length === header.length) yield { place: line, ...readRow(table, header, record) };
    else yield { place: line, problem: columnCount };
  }
  if (header !== undefined) return;
  throw new SlipwayError('file_unreadable', {
    what: `${basename(path)} is empty`,
    expected: 'a header line',
  });
}

async function* records(parser: Parser): AsyncGenerator<{ record: string[]; line: number }> {
  for await (const item of parser) {
    const { record, info } = item as { record: string[]; info: { lines: number } };
    yield { record, line: info.lines };
  }
}

async function openCsv(path: string): Promise<AsyncGenerator<{ record: string[]; line: number }>> {
  await checkReadableFile(path, 'a CSV file');
  const parser = parse({
    bom: true,
    relax_column_count: true,
    info: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const check = (bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer> => checkUtf8(bytes, basename(path));
  // What goes wrong here ends the parser, whose reader throws it.
  pipeline(createReadStream(path), check, parser, () => undefined);
  return guardParse(records(parser), path);
}

async function* guardParse<T>(source: AsyncGenerator<T>, path: string): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (cause) {
    if (SlipwayError.isInstance(cause)) throw cause;
    throw new SlipwayError('file_unreadable', {
      what: `${basename(path)} is not valid CSV`,
      received: `${(cause as { code?: string }).code ?? 'an error'} near line ${(cause as { lines?: number }).lines ?? '?'}`,
      next: 'Put cells with commas, quotes or line breaks between quotes, and write a quote inside as two',
      cause,
    });
  }
}

function readRow(
  table: FeatureTable,
  header: readonly string[],
  record: readonly string[],
): { cells: Record<string, CellValue>; unread: string[] } {
  const cells: Record<string, CellValue> = {};
  const unread: string[] = [];
  for (const [index, name] of header.entries()) {
    const { type } = table.columns[name] as FeatureTable['columns'][string];
    const value = parseCell(record[index] ?? '', type);
    if (value === undefined) unread.push(name);
    cells[name] = value ?? null;
  }
  return { cells, unread };
}
