import type { FeatureTable } from './feature-table.ts';
import type { FeatureTableStatus } from './feature-table-status.ts';

/** How old the data of a feature table is, against its own limit. */
export interface Freshness {
  /** Hours since the newest event time, or since the newest load of a table without one; null before the first row. */
  readonly ageHours: number | null;
  /** Hours the definition allows; null when it names none. */
  readonly limitHours: number | null;
  /** An empty table is not stale: it has nothing that could be old. */
  readonly isStale: boolean;
}

/**
 * Judges a table's status at a time.
 * @param now milliseconds since 1970-01-01 UTC
 */
export function judgeFreshness(
  table: FeatureTable,
  { newestEventTime, newestLoadAt }: Pick<FeatureTableStatus, 'newestEventTime' | 'newestLoadAt'>,
  now: number,
): Freshness {
  const newest = table.eventTime === undefined ? newestLoadAt : newestEventTime;
  const ageHours = newest === null ? null : (now * 1000 - newest) / 3_600_000_000;
  const limitHours = table.freshness?.hours ?? null;
  return { ageHours, limitHours, isStale: ageHours !== null && limitHours !== null && ageHours > limitHours };
}
