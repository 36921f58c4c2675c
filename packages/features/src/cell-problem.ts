import type { ColumnType } from '@slipway/contracts';

/** What a source may write in a cell of each type. */
const formats: Readonly<Record<ColumnType, string>> = {
  double: 'a finite number, in text with a decimal point, such as -1.5 or 2e3',
  long: 'a whole number within +-2^53, such as 42',
  boolean: 'true, t, 1, false, f or 0',
  datetime:
    'ISO 8601 from 1684-07-28 to 2255-06-05, such as 2026-01-31 or 2026-01-31T12:00:00.5+01:00, UTC without a zone',
  string: 'text without NUL and lone surrogates',
};

/** A row with more or fewer cells than the header. */
export const columnCount = 'column_count';

/** The name, in reports, of cells of a column that are no values of its type. */
export function typeProblem(column: string, type: ColumnType): string {
  return `${column}_type_${type}`;
}

/** What would have been right, for the kinds of unreadable cells among these problems; each kind once. */
export function expectedFormats(problems: readonly string[]): string[] {
  const types = Object.entries(formats)
    .filter(([type]) => problems.some((name) => name.endsWith(`_type_${type}`)))
    .map(([type, format]) => `${type} as ${format}`);
  return problems.includes(columnCount) ? [...types, 'as many cells in each line as in the header'] : types;
}
