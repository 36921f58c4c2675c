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

/** ISO 8601 to microseconds since 1970-01-01 UTC, or undefined. 30 February is undefined. */
function parseTime(text: string): number | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const milliseconds = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(milliseconds);
  if (
    date.getUTCMonth() !== month - 1 ||
    date.getUTCDate() !== day ||
    date.getUTCHours() !== hour ||
    minute > 59 ||
    second > 59
  )
    return undefined;
  const microseconds = Number((match[7] ?? '').padEnd(6, '0'));
  return milliseconds * 1000 + microseconds - zoneOffset(match[8]) * 60_000_000;
}

/** Minutes east of UTC. */
function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith('-') ? -minutes : minutes;
}
