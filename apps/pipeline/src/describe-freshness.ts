import type { Freshness } from '@slipway/features';

/** Whether a table is fresh, in a word or two. */
export function describeFreshness({ ageHours, limitHours, isStale }: Freshness): string {
  if (ageHours === null || limitHours === null) return '-';
  return isStale ? `stale: ${ageHours.toFixed(1)} h, limit ${limitHours} h` : 'yes';
}
