import type { ColumnSpec } from '@slipway/contracts';
import { postgresTypes, quoteIdentifier } from '@slipway/database';

export interface AsOfJoin {
  /** A SELECT of the rows that are kept, in `leftColumns`. */
  readonly left: string;
  readonly leftColumns: readonly ColumnSpec[];
  readonly leftTime: string;
  /** A SELECT of the rows that are looked up: at most one for each key and time. */
  readonly right: string;
  readonly rightTime: string;
  /** Columns of the right side to take along, with the names they get. */
  readonly take: readonly (ColumnSpec & { readonly as: string })[];
  /** Columns whose values must be equal, left and right. */
  readonly on: readonly (readonly [left: string, right: ColumnSpec])[];
  /** Rows older than so many hours are as good as none. */
  readonly maximumAgeHours?: number | undefined;
}

/**
 * SQL that adds to each left row the latest right row of the same key whose time is not later; NULLs where there is none.
 * Both sides are sorted together once, so it needs no index and its time grows with n log n: a right row opens a run of
 * its key, and the left rows that follow it belong to the run.
 */
export function asOfJoin({
  left,
  leftColumns,
  leftTime,
  right,
  rightTime,
  take,
  on,
  maximumAgeHours,
}: AsOfJoin): string {
  const kept = leftColumns.map(({ name }) => quoteIdentifier(name));
  const keys = on.map((_, index) => `key_${index}`);
  const taken = take.map((_, index) => `taken_${index}`);
  const leftSide = [
    ...leftColumns.map(({ name }, index) => `${quoteIdentifier(name)} AS kept_${index}`),
    ...on.map(([name], index) => `${quoteIdentifier(name)} AS ${keys[index] ?? ''}`),
    `${quoteIdentifier(leftTime)} AS at, true AS is_left, NULL::timestamptz AS found_at`,
    ...take.map(({ type }, index) => `NULL::${postgresTypes[type]} AS ${taken[index] ?? ''}`),
  ];
  const rightSide = [
    ...leftColumns.map(({ type }) => `NULL::${postgresTypes[type]}`),
    ...on.map(([, { name }]) => quoteIdentifier(name)),
    `${quoteIdentifier(rightTime)}, false, ${quoteIdentifier(rightTime)}`,
    ...take.map(({ name }) => quoteIdentifier(name)),
  ];
  const together = `SELECT ${leftSide.join(', ')} FROM (${left}) AS kept
    UNION ALL SELECT ${rightSide.join(', ')} FROM (${right}) AS looked_up`;
  // false sorts before true: a right row of the same time counts.
  const numbered = `SELECT *, count(found_at) OVER (PARTITION BY ${keys.join(', ')} ORDER BY at, is_left) AS run FROM (${together}) AS together`;
  const inRun = `OVER (PARTITION BY ${keys.join(', ')}, run ORDER BY is_left)`;
  const isYoung =
    maximumAgeHours === undefined
      ? 'true'
      : `at - first_value(found_at) ${inRun} <= ${maximumAgeHours} * interval '1 hour'`;
  const found = taken.map((name) => `CASE WHEN ${isYoung} THEN first_value(${name}) ${inRun} END AS ${name}`);
  const placed = leftColumns.map((_, index) => `kept_${index}`);
  const names = [
    ...kept.map((name, index) => `kept_${index} AS ${name}`),
    ...take.map(({ as }, index) => `taken_${index} AS ${quoteIdentifier(as)}`),
  ];
  return `SELECT ${names.join(', ')} FROM (SELECT ${[...placed, 'is_left', ...found].join(', ')} FROM (${numbered}) AS numbered) AS joined WHERE is_left`;
}
