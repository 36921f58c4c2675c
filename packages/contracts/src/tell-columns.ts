/** Columns that a message names; a one-hot step makes thousands. */
const mostTold = 12;

/**
 * Names of columns for a message: in quotes, at most twelve. What a one-hot step made ends in `=` and a category, which is a value
 * of somebody's data, so it is told up to there, once.
 */
export function tellColumns(names: readonly string[]): string {
  const told = [...new Set(names.map((name) => `"${name.split('=', 1)[0]!}"`))];
  const more = told.length > mostTold ? ` and ${told.length - mostTold} more` : '';
  return `${told.slice(0, mostTold).join(', ')}${more}`;
}
