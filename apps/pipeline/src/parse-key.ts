import { parseDatetime, SlipwayError } from '@slipway/contracts';
import type { FeatureTable } from '@slipway/features';

export type Key = Readonly<Record<string, string | number | boolean>>;

/** Decimal digits and nothing around them: Number() takes a space for 0 and 0x10 for 16. */
const numberPattern = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads the entity key of a command line, `store=7,region=north`, by the types of the table's columns; as JSON where a
 * value holds a comma, with numbers for numbers and texts for texts and times. A time, in ISO 8601, becomes microseconds
 * since 1970-01-01 UTC.
 * @throws SlipwayError `usage`
 */
export function parseKey({ columns, entityKey }: FeatureTable, text: string | undefined): Key {
  const typeOf = (name: string): string | undefined => columns[name]?.type;
  const key = text?.startsWith('{') === true ? parseJson(text, typeOf) : parsePairs(text ?? '', typeOf);
  const isWhole =
    key.length === entityKey.length && entityKey.every((name) => key.some(([known]) => known === name));
  if (isWhole && key.every(([, value]) => value !== undefined)) return Object.fromEntries(key) as Key;
  throw new SlipwayError('usage', {
    what: text === undefined ? 'No key was given' : '--key was not understood',
    expected: `--key ${entityKey.map((name) => `${name}=<${typeOf(name) ?? ''}>`).join(',')}`,
    next: 'Write numbers in decimal digits and without spaces, and times in ISO 8601; as JSON where a text holds a comma',
  });
}

type Cell = Key[string] | undefined;
type TypeOf = (name: string) => string | undefined;

function parsePairs(text: string, typeOf: TypeOf): [string, Cell][] {
  return text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    return [name, toCell(typeOf(name), pair.slice(at + 1))];
  });
}

function parseJson(text: string, typeOf: TypeOf): [string, Cell][] {
  try {
    const found = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return found.map(([name, value]) => [name, fromJson(typeOf(name), value)]);
  } catch {
    return [];
  }
}

/** No value of another JSON type: as a text, NULL would be the name "null". */
function fromJson(type: string | undefined, value: unknown): Cell {
  switch (type) {
    case 'long':
    case 'double':
      return typeof value === 'number' ? toCell(type, String(value)) : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return typeof value === 'string' ? toCell(type, value) : undefined;
  }
}

function toCell(type: string | undefined, text: string): Cell {
  switch (type) {
    case 'string':
      return text;
    case 'datetime':
      return toTime(text);
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'long':
      return toNumber(text, Number.isSafeInteger);
    case 'double':
      return toNumber(text, Number.isFinite);
    default:
      return undefined;
  }
}

function toNumber(text: string, fits: (value: number) => boolean): number | undefined {
  const value = numberPattern.test(text) ? Number(text) : NaN;
  return fits(value) ? value : undefined;
}

function toTime(text: string): number | undefined {
  try {
    return parseDatetime(text);
  } catch {
    return undefined;
  }
}
