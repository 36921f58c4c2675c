import { basename } from 'node:path';
import { SlipwayError, type CellValue } from '@slipway/contracts';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetRead,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet';
import { checkParquetColumns } from './check-parquet-columns.ts';
import { checkReadableFile } from './check-readable-file.ts';
import type { FeatureTable } from './feature-table.ts';
import { parquetCompressors, parquetParsers } from './parquet-codecs.ts';
import { readValue } from './read-value.ts';
import type { SourceRow } from './source-row.ts';

/** Values of a column in row order, in the runs that they were decoded in. */
type Runs = { readonly values: ArrayLike<unknown>; readonly from: number }[];

/**
 * The rows of a Parquet file with flat columns. One row group is in memory at a time.
 * @throws SlipwayError `file_not_found`, `file_unreadable`, `schema_mismatch` for other columns, types or nesting
 */
export async function* parquetRows(table: FeatureTable, path: string): AsyncGenerator<SourceRow> {
  await checkReadableFile(path, 'a Parquet file');
  const file = await asyncBufferFromFile(path);
  const metadata = await guard(path, () => parquetMetadataAsync(file, { geoparquet: false }));
  checkParquetColumns(table, metadata, basename(path));
  const columns = Object.entries(table.columns);
  let first = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const read = await guard(path, () => readGroup(file, metadata, first, first + rows));
    for (let row = first; row < first + rows; row += 1) {
      const cells: Record<string, CellValue> = {};
      const unread: string[] = [];
      for (const [name, { type }] of columns) {
        const value = readValue(valueAt(read.get(name), row), type);
        if (value === undefined) unread.push(name);
        cells[name] = value ?? null;
      }
      yield { place: row + 1, cells, unread };
    }
    first += rows;
  }
}

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<Map<string, Runs>> {
  const columns = new Map<string, Runs>();
  await parquetRead({
    file,
    metadata,
    rowStart,
    rowEnd,
    compressors: parquetCompressors,
    parsers: parquetParsers,
    onChunk: ({ columnName, columnData, rowStart: from }) => {
      const runs = columns.get(columnName) ?? [];
      runs.push({ values: columnData, from });
      columns.set(columnName, runs);
    },
  });
  return columns;
}

/** Rows are asked for in order, so runs that lie behind are dropped. */
function valueAt(runs: Runs | undefined, row: number): unknown {
  while (runs?.[0] !== undefined && row >= runs[0].from + runs[0].values.length) runs.shift();
  const run = runs?.[0];
  if (run !== undefined && row >= run.from) return run.values[row - run.from];
  throw new SlipwayError('file_unreadable', { what: `Row ${row + 1} of the Parquet file is missing` });
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw new SlipwayError('file_unreadable', {
      what: `${basename(path)} cannot be read as Parquet`,
      received: cause instanceof Error ? cause.message : 'an error',
      next: 'Write it again, whole, with snappy, gzip, zstd or brotli compression or none',
      cause,
    });
  }
}
