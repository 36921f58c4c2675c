import { parseDatetime, SlipwayError } from '@slipway/contracts';
import type { FeatureTable } from '@slipway/features';

type Key = Readonly<Record<string, string | number | boolean>>;

/**
 * Reads the entity key of a command line, `store=7,region=north`, by the types of the table's columns; as JSON where a
 * value holds a comma. A time, in ISO 8601, becomes microseconds since 1970-01-01 UTC.
 * @throws SlipwayError `usage`
 */
export function parseKey({ columns, entityKey }: FeatureTable, text: string | undefined): Key {
  const pairs = text?.startsWith('{') === true ? parseJson(text) : splitPairs(text ?? '');
  const key = pairs.map(([name, value]) => [name, toCell(columns[name]?.type, value)] as const);
  const isWhole =
    key.length === entityKey.length && entityKey.every((name) => key.some(([known]) => known === name));
  if (isWhole && key.every(([, value]) => value !== undefined)) return Object.fromEntries(key) as Key;
  throw new SlipwayError('usage', {
    what: text === undefined ? 'No key was given' : '--key was not understood',
    expected: `--key ${entityKey.map((name) => `${name}=<${columns[name]?.type ?? ''}>`).join(',')}`,
  });
}

function splitPairs(text: string): [string, string][] {
  return text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
}

function parseJson(text: string): [string, string][] {
  try {
    return Object.entries(JSON.parse(text) as object).map(([name, value]) => [name, String(value)]);
  } catch {
    return [];
  }
}

function toCell(type: string | undefined, text: string): string | number | boolean | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'datetime':
      return toTime(text);
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'long':
      return Number.isSafeInteger(Number(text)) && text !== '' ? Number(text) : undefined;
    case 'double':
      return Number.isFinite(Number(text)) && text !== '' ? Number(text) : undefined;
    default:
      return undefined;
  }
}

function toTime(text: string): number | undefined {
  try {
    return parseDatetime(text);
  } catch {
    return undefined;
  }
}
