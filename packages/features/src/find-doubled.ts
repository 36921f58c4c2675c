/** Every text that comes more than once, once. */
export function findDoubled(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const text of texts) (seen.has(text) ? doubled : seen).add(text);
  return [...doubled];
}
