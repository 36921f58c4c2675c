import { parseDatetime, type CellValue, type ColumnType } from '@slipway/contracts';
import { isStorableText } from '@slipway/database';

/**
 * Reads a value of a program or a Parquet file as a value of a type. Numbers of a datetime are microseconds since
 * 1970-01-01 UTC. A bigint is a double only when it is one to its last digit.
 * @returns undefined when it is no value of the type, or would lose a bit
 */
export function readValue(value: unknown, type: ColumnType): CellValue | undefined {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'string':
      return typeof value === 'string' && isStorableText(value) ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : value === 0 || value === 1 ? value === 1 : undefined;
    case 'double':
      return readDouble(value);
    case 'long':
      return readSafeInteger(value);
    case 'datetime':
      return readTime(value);
  }
}

function readDouble(value: unknown): number | undefined {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return typeof value === 'bigint' && BigInt(number) !== value ? undefined : number;
}

function readSafeInteger(value: unknown): number | undefined {
  // A bigint beyond 2^53 stays beyond it as a number, however it is rounded.
  const number = typeof value === 'bigint' ? Number(value) : value;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

function readTime(value: unknown): number | undefined {
  if (value instanceof Date) return readSafeInteger(value.getTime() * 1000);
  if (typeof value !== 'string') return readSafeInteger(value);
  try {
    return parseDatetime(value);
  } catch {
    return undefined;
  }
}
