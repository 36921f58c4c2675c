import type { CellValue, Column, ColumnBatch } from './column-batch.ts';
import { createColumnBatch } from './column-batch.ts';
import type { ColumnType } from './column-type.ts';
import { SlipwayError } from './slipway-error.ts';

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
}

/**
 * Turns records into a batch. A missing key is NULL; a key that no column names is ignored.
 * @throws SlipwayError `value_unsupported` naming column and row (from 0) when a value is of the wrong type,
 * not finite, an unsafe integer, or text with U+0000 or a lone surrogate. The value itself is never shown.
 */
export function batchFromRows(
  rows: readonly Readonly<Record<string, CellValue | undefined>>[],
  columns: readonly ColumnSpec[],
): ColumnBatch {
  return createColumnBatch(
    columns.map(({ name, type }): Column => {
      const cell = (row: number): CellValue => checkCell(rows[row]?.[name] ?? null, type, name, row);
      return type === 'string'
        ? { name, type, values: rows.map((_, row) => cell(row) as string | null) }
        : { name, type, values: Float64Array.from(rows, (_, row) => toNumber(cell(row))) };
    }),
  );
}

/**
 * Returns the value when it is NULL or a lossless value of the type.
 * @throws SlipwayError `value_unsupported`
 */
export function checkCell(value: CellValue, type: ColumnType, name: string, row: number): CellValue {
  if (value === null || fits(value, type)) return value;
  throw new SlipwayError('value_unsupported', {
    what: `Column "${name}", row ${row}: the value does not fit its type`,
    expected: describeType(type),
    received: describeValue(value),
    details: { column: name, row, type },
  });
}

function fits(value: Exclude<CellValue, null>, type: ColumnType): boolean {
  switch (type) {
    case 'double':
      return typeof value === 'number' && Number.isFinite(value);
    case 'long':
    case 'datetime':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean' || value === 0 || value === 1;
    case 'string':
      return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
  }
}

function toNumber(value: CellValue): number {
  return value === null ? NaN : Number(value);
}

function describeType(type: ColumnType): string {
  if (type === 'double') return 'a finite number';
  if (type === 'long') return 'an integer within +-2^53';
  if (type === 'datetime') return 'whole microseconds since 1970-01-01 UTC, within +-2^53';
  if (type === 'boolean') return 'true or false';
  return 'well-formed text without U+0000';
}

function describeValue(value: Exclude<CellValue, null>): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) return 'text with a lone surrogate';
    return value.includes('\0') ? 'text with U+0000' : 'text';
  }
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value !== 'number') return describeForeign(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return 'an infinity';
  if (!Number.isInteger(value)) return 'a fraction';
  return Number.isSafeInteger(value) ? 'an integer' : 'an integer beyond +-2^53';
}

/** What no type tells of: drivers and programs without types give a Date or a bigint. */
function describeForeign(value: unknown): string {
  return value instanceof Date ? 'a Date' : `a value of type ${typeof value}`;
}
