import {
  parseDatetime,
  SlipwayError,
  type ColumnType,
  type EntityKey,
  type ModelSignature,
} from '@slipway/contracts';
import { requestInvalid } from './request-invalid.ts';

type KeyValue = EntityKey[string];

const mostColumns = 16;
const mostCharacters = 512;
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * An entity key as it is logged. When the signature declares the key's columns, each value becomes a value of its
 * column's type, as labels have it: "7" and 7 are one long, a time is microseconds since 1970-01-01 UTC. Without a
 * declaration the key stays as it was sent.
 * @param row from 0, for the message
 * @throws SlipwayError `request_invalid` naming column and row: no such key, a column too many or too few, a value that
 * is none of the type
 */
export function parseEntityKey(
  key: unknown,
  declared: ModelSignature['entityKey'],
  row: number,
): EntityKey | null {
  if (key === null || key === undefined) return null;
  const cells = checkKey(key, row);
  if (declared === undefined) return cells;
  const names = declared.map(({ name }) => name);
  const stranger = Object.keys(cells).find((name) => !names.includes(name));
  if (stranger !== undefined || names.some((name) => cells[name] === undefined)) {
    throw requestInvalid(`"entity_key", row ${row}: not the key of this model`, {
      expected: `the columns ${names.map((name) => `"${name}"`).join(', ')}`,
      details: { column: 'entity_key', row },
    });
  }
  return Object.fromEntries(
    declared.map(({ name, type }) => {
      const value = toType(cells[name]!, type);
      if (value !== undefined) return [name, value];
      throw requestInvalid(`"entity_key", row ${row}: the value of "${name}" does not fit its type`, {
        expected: `a value of type ${type}`,
        details: { column: name, row },
      });
    }),
  );
}

function checkKey(key: unknown, row: number): EntityKey {
  const entries = typeof key === 'object' && !Array.isArray(key) ? Object.entries(key ?? {}) : [];
  const isSound =
    entries.length > 0 &&
    entries.length <= mostColumns &&
    entries.every(([name, value]) => isStorable(name) && isKeyValue(value));
  if (isSound) return Object.fromEntries(entries) as EntityKey;
  throw requestInvalid(`"entity_key", row ${row}: not an entity key`, {
    expected: `an object of 1 to ${mostColumns} texts, finite numbers or booleans, such as {"store": 12}; texts without U+0000 of at most ${mostCharacters} characters`,
    details: { column: 'entity_key', row },
  });
}

function isKeyValue(value: unknown): value is KeyValue {
  if (typeof value === 'string') return isStorable(value);
  // Beyond 2^53 two keys would become one.
  if (typeof value === 'number')
    return Number.isInteger(value) ? Number.isSafeInteger(value) : isFinite(value);
  return typeof value === 'boolean';
}

function isStorable(text: string): boolean {
  return text.length <= mostCharacters && text.isWellFormed() && !text.includes('\0');
}

/** The value as a value of the type; undefined when it is none. */
function toType(value: KeyValue, type: ColumnType): KeyValue | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      return value === 'true' ? true : value === 'false' ? false : undefined;
    case 'datetime':
      return typeof value === 'string' ? toMicroseconds(value) : toNumber(value, Number.isSafeInteger);
    case 'long':
      return toNumber(value, Number.isSafeInteger);
    case 'double':
      return toNumber(value, Number.isFinite);
  }
}

function toNumber(value: KeyValue, fits: (number: number) => boolean): number | undefined {
  if (typeof value === 'boolean') return undefined;
  const number = typeof value === 'number' ? value : numberPattern.test(value) ? Number(value) : NaN;
  // -0 and 0 are one key, and JSON writes both as 0.
  return fits(number) ? number + 0 : undefined;
}

function toMicroseconds(text: string): number | undefined {
  try {
    return parseDatetime(text);
  } catch (error) {
    if (SlipwayError.isInstance(error)) return undefined;
    throw error;
  }
}
