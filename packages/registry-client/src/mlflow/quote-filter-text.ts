/**
 * A text as the filter language quotes it: single quotes, double ones around a single one. There is no escape, so a text
 * with both, a line end or a backslash, an empty or a very long one cannot be said: `undefined`.
 */
export function quoteFilterText(text: string): string | undefined {
  if (text === '' || text.length > 500 || /[\\\p{Cc}]/u.test(text)) return undefined;
  if (!text.includes("'")) return `'${text}'`;
  return text.includes('"') ? undefined : `"${text}"`;
}
