import type { ColumnProfile, LoadProfile } from '@slipway/features';
import { formatNumber, formatTable } from './table.ts';

/**
 * What a load brought, a line for each column, with the share of NULLs of the load before where it differs.
 * @param names of the columns, in the order of their definition: Postgres keeps those of a profile in another
 */
export function describeProfile(
  profile: LoadProfile,
  { names, before }: { readonly names: readonly string[]; readonly before: LoadProfile | undefined },
): string[] {
  const columns = names.flatMap((name) => {
    const column = profile.columns[name];
    return column === undefined ? [] : [[name, column] as const];
  });
  const rows = columns.map(([name, column]) => [
    name,
    describeNulls(profile, column, before, before?.columns[name]),
    formatEnd(column.min),
    formatEnd(column.max),
    column.categories === null ? '' : String(column.categories),
    describeNew(column.newCategories),
  ]);
  return formatTable([['column', 'NULL', 'min', 'max', 'categories', 'new'], ...rows]);
}

/** The first texts of those that no earlier load had. */
function describeNew({ count, sample }: ColumnProfile['newCategories']): string {
  const shown = sample.slice(0, shownCategories);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

const shownCategories = 5;

function describeNulls(
  { rows }: LoadProfile,
  { nulls }: ColumnProfile,
  before: LoadProfile | undefined,
  earlier: ColumnProfile | undefined,
): string {
  const share = formatShare(nulls, rows);
  const was = before === undefined || earlier === undefined ? share : formatShare(earlier.nulls, before.rows);
  return share === was ? share : `${share} (was ${was})`;
}

function formatShare(part: number, whole: number): string {
  return whole === 0 || part === 0 ? '0' : `${((part / whole) * 100).toPrecision(2)} %`;
}

function formatEnd(end: ColumnProfile['min']): string {
  return typeof end === 'number' ? formatNumber(end) : (end ?? '').replace(/\.?0*Z$/, 'Z');
}
