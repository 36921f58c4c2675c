import { parseDatetime, type CellValue, type ColumnType } from '@slipway/contracts';
import { isStorableText } from '@slipway/database';

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const digitsPattern = /^[+-]?\d+$/;
const decimalPattern = /^[+-]?(?<whole>\d*)(?:\.(?<fraction>\d*))?(?:[eE](?<exponent>.*))?$/;

/**
 * Reads a cell of a text file as a value of a type. An empty cell is NULL; whether it was written as `""`, an empty text,
 * is the reader's to know.
 * Times are read by `parseDatetime`: ISO 8601, UTC without a zone.
 * @returns undefined when the text is no value of the type
 */
export function parseCell(text: string, type: ColumnType): CellValue | undefined {
  if (text === '') return null;
  switch (type) {
    case 'string':
      return isStorableText(text) ? text : undefined;
    case 'boolean':
      return parseBoolean(text);
    case 'datetime':
      return parseTime(text);
    case 'double': {
      const value = parseNumber(text);
      return Number.isFinite(value) ? value : undefined;
    }
    case 'long': {
      const value = digitsPattern.test(text) ? Number(text) : parseWhole(text);
      return Number.isSafeInteger(value) ? value : undefined;
    }
  }
}

function parseNumber(text: string): number {
  return numberPattern.test(text) ? Number(text) : NaN;
}

/**
 * A number that is whole as it is written, such as 1.50e1: beyond 16 digits, or near 0, Number() would make it so by rounding.
 */
function parseWhole(text: string): number {
  const value = parseNumber(text);
  const { whole = '', fraction = '', exponent = '0' } = decimalPattern.exec(text)?.groups ?? {};
  const places = fraction.length - Number(exponent);
  return places <= 0 || /^0*$/.test((whole + fraction).slice(-places)) ? value : NaN;
}

function parseBoolean(text: string): boolean | undefined {
  if (/^(true|t|1)$/i.test(text)) return true;
  return /^(false|f|0)$/i.test(text) ? false : undefined;
}

function parseTime(text: string): number | undefined {
  try {
    return parseDatetime(text);
  } catch {
    return undefined;
  }
}
