import { SlipwayError } from '@slipway/contracts';
import { isStorableText } from './check-storable.ts';

/** A table by schema and name, both unquoted. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** An identifier in double quotes, safe in any statement. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Schema and table in double quotes. */
export function quoteTable({ schema, table }: TableName): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

/**
 * A value as a literal, for the few statements that take no parameters (COPY, CREATE TABLE AS).
 * @throws SlipwayError `value_unsupported` for text with NUL or a lone surrogate, `invalid_argument` for a value of another
 * type
 */
export function quoteLiteral(value: string | number | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number')
    return Number.isFinite(value) ? (value < 0 ? `(${value})` : String(value)) : `'${value}'::float8`;
  // A program without types may give a date, a bigint or an object, which would become some text.
  if (typeof value !== 'string')
    throw new SlipwayError('invalid_argument', {
      what: 'A value is of a type that no statement or query can take',
      expected: 'a text, a number, true, false or null',
      received: typeof value,
      next: 'Give a time as a text in ISO 8601, and a bigint as a text or a number',
    });
  if (!isStorableText(value))
    throw new SlipwayError('value_unsupported', {
      what: 'A text cannot become part of a statement without loss',
      expected: 'text without NUL and lone surrogates',
    });
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
