import { SlipwayError } from './slipway-error.ts';

/**
 * JSON with one spelling per value, after RFC 8785: keys sorted by UTF-16 code unit, no white space,
 * numbers as ECMAScript prints them (-0 as 0). Keys whose value is `undefined` are left out.
 * @throws SlipwayError `value_unsupported` for NaN, infinities, lone surrogates, and anything JSON lacks
 * @example canonicalJson({ b: [1, 'x'], a: null }) // => '{"a":null,"b":[1,"x"]}'
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw unsupported(String(value));
      return JSON.stringify(value);
    case 'string':
      if (!value.isWellFormed()) throw unsupported('a string with a lone surrogate');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
      return canonicalObject(value);
    default:
      throw unsupported(`a ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw unsupported('a class instance');
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalJson(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function unsupported(received: string): SlipwayError {
  return new SlipwayError('value_unsupported', {
    what: 'A value has no canonical JSON',
    expected: 'null, booleans, finite numbers, well-formed strings, arrays and plain objects',
    received,
  });
}
