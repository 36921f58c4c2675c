import { quoteLiteral } from './identifiers.ts';

export type SqlParameter = string | number | boolean | null;

/** Strings, quoted identifiers, dollar quotes and comments, in which $1 is text; then the placeholders. */
const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\d+)/g;

/**
 * Puts parameters into a query as literals, for statements that take none (COPY, CREATE TABLE AS).
 * Placeholders inside strings, quoted identifiers, dollar quotes and comments stay as they are.
 */
export function inlineParameters(sql: string, parameters: readonly SqlParameter[] = []): string {
  return sql.replace(token, (text, _tag: string | undefined, index: string | undefined) => {
    if (index === undefined) return text;
    const value = parameters[Number(index) - 1];
    return value === undefined ? text : quoteLiteral(value);
  });
}
