import { SlipwayError } from '@slipway/contracts';
import { quoteLiteral } from './identifiers.ts';

export type SqlParameter = string | number | boolean | null;

/** Between two parts of one string constant: white space with a line break, comments before line breaks. */
const continuation = String.raw`[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\f\v\n\r]|--[^\n\r]*[\n\r])*`;
const escaped = String.raw`'(?:[^'\\]|''|\\[\s\S])*'`;
const letter = String.raw`[A-Za-z_\x80-\uffff]`;

/**
 * Texts in which $1 is no placeholder, as Postgres reads them with standard_conforming_strings on (its default). Source:
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html. The order counts: an escape string before the
 * identifier that its E would be.
 */
const opaque = [
  new RegExp(`[eE]${escaped}(?:${continuation}${escaped})*`, 'y'),
  new RegExp(`(?![eE]')${letter}(?:${letter}|[0-9$])*`, 'y'),
  /'(?:[^']|'')*'/y,
  /"(?:[^"]|"")*"/y,
  new RegExp(String.raw`\$((?:${letter}(?:${letter}|[0-9])*)?)\$[\s\S]*?\$\1\$`, 'y'),
  /--[^\n\r]*/y,
];
const placeholder = /\$(\d+)/y;
const special = /[A-Za-z_\x80-\uffff'"$]|--|\/\*/g;

/**
 * Puts parameters into a query as literals, for statements that take none (COPY, CREATE TABLE AS).
 * Placeholders inside strings, quoted identifiers, dollar quotes and comments stay as they are.
 * @throws SlipwayError `invalid_argument` for a query in which a string, identifier or comment does not end; as
 * {@link quoteLiteral} for a value that is no parameter
 */
export function inlineParameters(sql: string, parameters: readonly SqlParameter[] = []): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const start = findFrom(special, sql, at);
    parts.push(sql.slice(at, start));
    if (start === sql.length) return parts.join('');
    const index = match(placeholder, sql, start)?.[1];
    at = index === undefined ? endOfOpaque(sql, start) : start + 1 + index.length;
    const value = index === undefined ? undefined : parameters[Number(index) - 1];
    parts.push(value === undefined ? sql.slice(start, at) : quoteLiteral(value));
  }
}

function endOfOpaque(sql: string, start: number): number {
  if (sql.startsWith('/*', start)) return endOfComment(sql, start);
  for (const pattern of opaque) {
    const found = match(pattern, sql, start);
    if (found !== null) return start + found[0].length;
  }
  throw endless(start);
}

/** Block comments nest. */
function endOfComment(sql: string, start: number): number {
  const edge = /\/\*|\*\//g;
  for (let [at, depth] = [start, 0]; ;) {
    at = findFrom(edge, sql, at);
    if (at === sql.length) throw endless(start);
    depth += sql[at] === '/' ? 1 : -1;
    at += 2;
    if (depth === 0) return at;
  }
}

function match(pattern: RegExp, sql: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(sql);
}

/** Where a pattern is found next, or the length of the text. */
function findFrom(pattern: RegExp, sql: string, at: number): number {
  return match(pattern, sql, at)?.index ?? sql.length;
}

function endless(at: number): SlipwayError {
  return new SlipwayError('invalid_argument', {
    what: 'A query cannot be read',
    expected: 'every string, quoted identifier and comment to end',
    received: `none that ends from character ${at + 1} on`,
    next: 'Correct the query',
  });
}
