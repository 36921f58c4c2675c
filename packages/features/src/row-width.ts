import type { ColumnType } from '@slipway/contracts';

/** Columns of a table in Postgres, less the two that the storage adds. */
const mostColumns = 1600 - 2;

/**
 * Bytes of a row: a page of 8 KiB less its header and the pointer to the row.
 * https://www.postgresql.org/docs/current/storage-page-layout.html
 */
const mostBytes = 8160;
const headerBytes = 23;

/** Of a number or a time. */
const valueBytes = 8;

/**
 * Why no row of these columns could be stored, or undefined. Only numbers and times
 * that are not nullable count: NULL takes no room, and long texts lie elsewhere, so that only a load can tell of those.
 */
export function findWidthProblem(
  columns: Readonly<Record<string, { readonly type: ColumnType; readonly nullable: boolean }>>,
): string | undefined {
  const all = Object.values(columns);
  if (all.length > mostColumns)
    return `it has ${all.length} columns, and a table in Postgres at most ${mostColumns}`;
  const required = all.filter(
    ({ nullable, type }) => !nullable && type !== 'boolean' && type !== 'string',
  ).length;
  const bytes = rowHeader(all.length + 2) + (required + 2) * valueBytes;
  if (bytes <= mostBytes) return undefined;
  return `its ${required} numbers and times that are not nullable need ${bytes} bytes, and a row in Postgres has ${mostBytes}; divide them over two tables and join these`;
}

/** Header and NULL bitmap, to a multiple of 8. */
function rowHeader(columns: number): number {
  return Math.ceil((headerBytes + Math.ceil(columns / 8)) / 8) * 8;
}
