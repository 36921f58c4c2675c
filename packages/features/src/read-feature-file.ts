import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { batchFromRows, SlipwayError, type CellValue, type ColumnBatch } from '@slipway/contracts';
import { parse, type Parser } from 'csv-parse';
import type { FeatureTable } from './feature-table.ts';
import { parseCell } from './parse-cell.ts';
import { createReadProblems, type ReadProblems } from './read-problems.ts';
import { sourceLine, stagedColumns, unreadCells } from './staging-table.ts';
import { rejection } from './violation.ts';

/**
 * Rows whose event time lies in [from, to), microseconds since 1970-01-01 UTC. Rows without one are taken along: they are
 * to be refused, not lost.
 */
export interface EventWindow {
  readonly column: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface FeatureFile {
  readonly path: string;
  readonly where?: EventWindow | undefined;
}

const batchRows = 20_000;
/** Characters of one row; a quote that is never closed would otherwise bring the whole file into memory. */
const longestRow = 1 << 20;

type Row = Record<string, CellValue>;

/**
 * Reads a CSV file (UTF-8, with a header, BOM and CRLF allowed) as rows of a feature table, in batches: memory is flat.
 * @throws SlipwayError `file_not_found`, `file_unreadable`, `schema_mismatch` for a wrong header, and `data_rejected` after the
 * last batch when cells did not fit their type, each kind counted with line numbers
 */
export async function* readFeatureBatches(
  table: FeatureTable,
  file: FeatureFile,
): AsyncGenerator<ColumnBatch> {
  const problems = createReadProblems();
  for await (const { rowCount, columns } of readStagedBatches(table, file, problems)) {
    // A file with a bad cell ends in an error: no row with a hole leaves this function before.
    if (problems.violations().length > 0) continue;
    yield { rowCount, columns: columns.filter(({ name }) => name in table.columns) };
  }
  if (problems.violations().length === 0) return;
  throw rejection(table.name, basename(file.path), problems.rowCount(), problems.violations());
}

/**
 * The rows of a file with all their staged columns. A cell that does not fit its type is NULL, noted in its row and
 * counted in `problems`; a line with too few or too many cells is only counted.
 * @throws SlipwayError as {@link readFeatureBatches}, without `data_rejected`
 */
export async function* readStagedBatches(
  table: FeatureTable,
  { path, where }: FeatureFile,
  problems: ReadProblems,
): AsyncGenerator<ColumnBatch> {
  const columns = stagedColumns(table);
  let [header, rows] = [undefined as string[] | undefined, [] as Row[]];
  for await (const { record, line } of await openCsv(path)) {
    if (header === undefined) {
      header = checkHeader(table, record, path);
      continue;
    }
    if (record.length !== header.length) {
      problems.addRows(1);
      problems.add('column_count', line);
      continue;
    }
    const { cells, unread } = readRow(table, header, record);
    if (!isInside(cells, where)) continue;
    problems.addRows(1);
    for (const name of unread) problems.add(`${name}_type_${table.columns[name]?.type}`, line);
    rows.push({
      ...cells,
      [sourceLine]: line,
      [unreadCells]: unread.length === 0 ? null : `,${unread.join(',')},`,
    });
    if (rows.length < batchRows) continue;
    yield batchFromRows(rows, columns);
    rows = [];
  }
  if (header === undefined)
    throw new SlipwayError('file_unreadable', {
      what: `${basename(path)} is empty`,
      expected: 'a header line',
    });
  yield batchFromRows(rows, columns);
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

async function* records(parser: Parser): AsyncGenerator<{ record: string[]; line: number }> {
  for await (const item of parser) {
    const { record, info } = item as { record: string[]; info: { lines: number } };
    yield { record, line: info.lines };
  }
}

async function openCsv(path: string): Promise<AsyncGenerator<{ record: string[]; line: number }>> {
  await access(path).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'ENOENT' ? 'file_not_found' : 'file_unreadable';
    const what = code === 'file_not_found' ? `There is no file ${path}` : `${path} cannot be read`;
    throw new SlipwayError(code, { what, next: 'Check the path', cause });
  });
  if ((await stat(path)).isDirectory()) {
    throw new SlipwayError('file_unreadable', { what: `${path} is a folder`, expected: 'a CSV file' });
  }
  const parser = parse({
    bom: true,
    relax_column_count: true,
    info: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const source = createReadStream(path);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
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
      cause,
    });
  }
}

function checkHeader(table: FeatureTable, header: string[], path: string): string[] {
  const missing = Object.keys(table.columns).filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !(name in table.columns));
  if (missing.length === 0 && unknown.length === 0 && new Set(header).size === header.length) return header;
  throw new SlipwayError('schema_mismatch', {
    what: `The header of ${basename(path)} does not fit feature table ${table.name}`,
    expected: Object.keys(table.columns).join(', '),
    received:
      [
        missing.length > 0 ? `without ${missing.join(', ')}` : '',
        unknown.length > 0 ? `${unknown.length} unknown columns` : '',
      ]
        .filter(Boolean)
        .join(' and ') || 'a column twice',
  });
}

function readRow(
  table: FeatureTable,
  header: readonly string[],
  record: readonly string[],
): { cells: Row; unread: string[] } {
  const cells: Row = {};
  const unread: string[] = [];
  for (const [index, name] of header.entries()) {
    const { type } = table.columns[name] as FeatureTable['columns'][string];
    const value = parseCell(record[index] ?? '', type);
    if (value === undefined) unread.push(name);
    cells[name] = value ?? null;
  }
  return { cells, unread };
}

function isInside(row: Row, where: EventWindow | undefined): boolean {
  const time = row[where?.column ?? ''] ?? null;
  if (where === undefined || time === null) return true;
  return (
    (where.from === undefined || Number(time) >= where.from) &&
    (where.to === undefined || Number(time) < where.to)
  );
}
