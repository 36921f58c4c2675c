import type { CellValue, ColumnType } from '@slipway/contracts';

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const timePattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Reads a cell of a text file as a value of a type. An empty cell is NULL.
 * Times are ISO 8601; without a zone they are UTC.
 * @returns undefined when the text is no value of the type
 */
export function parseCell(text: string, type: ColumnType): CellValue | undefined {
  if (text === '') return null;
  switch (type) {
    case 'string':
      return text.isWellFormed() && !text.includes('\0') ? text : undefined;
    case 'boolean':
      return parseBoolean(text);
    case 'datetime':
      return parseTime(text);
    case 'double':
    case 'long': {
      const value = numberPattern.test(text) ? Number(text) : NaN;
      const fits = type === 'long' ? Number.isSafeInteger(value) : Number.isFinite(value);
      return fits ? value : undefined;
    }
  }
}

function parseBoolean(text: string): boolean | undefined {
  if (/^(true|t|1)$/i.test(text)) return true;
  return /^(false|f|0)$/i.test(text) ? false : undefined;
}

/** ISO 8601 to microseconds since 1970-01-01 UTC, or undefined: for 30 February, and beyond +-2^53 (1684 to 2255). */
function parseTime(text: string): number | undefined {
  const match = timePattern.exec(text);
  const offset = zoneOffset(match?.[8]);
  if (match === null || offset === undefined) return undefined;
  const parts = match.slice(1, 7).map((part) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const seconds = date.getTime() / 1000 + (hour * 60 + minute - offset) * 60 + second;
  const microseconds = seconds * 1_000_000 + Number((match[7] ?? '').padEnd(6, '0'));
  return Number.isSafeInteger(microseconds) ? microseconds : undefined;
}

/** Minutes east of UTC, or undefined for more than the 15:59 that Postgres allows. */
function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
