import { SlipwayError, type Column, type ColumnBatch } from '@slipway/contracts';

const expectations = {
  double: 'a finite number',
  long: 'an integer within +-2^53',
  datetime: 'whole microseconds within +-2^53',
  boolean: '0 or 1',
  string: 'text without NUL and lone surrogates',
} as const;

/**
 * Checks that Postgres can hold every value of a batch bit by bit. NaN and null are NULL and pass.
 * @throws SlipwayError `value_unsupported` naming column and row; `schema_mismatch` when a column has another length
 */
export function checkStorable({ rowCount, columns }: ColumnBatch): void {
  for (const column of columns) {
    if (column.values.length !== rowCount) {
      throw new SlipwayError('schema_mismatch', {
        what: `Column "${column.name}" does not fit its batch`,
        expected: `${rowCount} rows`,
        received: `${column.values.length}`,
      });
    }
    const row = findUnstorable(column);
    if (row === -1) continue;
    throw new SlipwayError('value_unsupported', {
      what: `Column "${column.name}", row ${row}: a value cannot be stored without loss`,
      expected: expectations[column.type],
      details: { column: column.name, row, type: column.type },
    });
  }
}

/** Number of the first row whose value would change, or -1. */
function findUnstorable(column: Column): number {
  switch (column.type) {
    case 'string':
      // A program without types may give what is no text at all.
      return column.values.findIndex(
        (text) => text !== null && (typeof text !== 'string' || !isStorableText(text)),
      );
    case 'double':
      return column.values.findIndex((value) => value === Infinity || value === -Infinity);
    case 'boolean':
      return column.values.findIndex((value) => value !== 0 && value !== 1 && !Number.isNaN(value));
    default:
      return column.values.findIndex((value) => !Number.isSafeInteger(value) && !Number.isNaN(value));
  }
}

/** Postgres keeps no U+0000, and a lone surrogate has no UTF-8. */
export function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
