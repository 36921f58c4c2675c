import type { ColumnProfile, LoadProfile } from '@slipway/features';
import { formatNumber, formatTable } from './table.ts';

/** What a load brought, a line for each column, with the share of NULLs of the load before where it differs. */
export function describeProfile(profile: LoadProfile, before: LoadProfile | undefined): string[] {
  const rows = Object.entries(profile.columns).map(([name, column]) => [
    name,
    describeNulls(profile, column, before, before?.columns[name]),
    formatEnd(column.min),
    formatEnd(column.max),
    column.categories === null ? '' : String(column.categories),
    column.newCategories.sample.join(', '),
  ]);
  return formatTable([['column', 'NULL', 'min', 'max', 'categories', 'new'], ...rows]);
}

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
