import { SlipwayError } from '@slipway/contracts';
import type { FeatureTable } from '@slipway/features';
import { parseTime } from './parse-time.ts';

/** --from and --to as they were written. */
export interface WindowWords {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Event time in [from, to), microseconds since 1970-01-01 UTC; an end that is undefined is open. */
export interface ParsedWindow {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/**
 * The window of --from and --to on the event time of a feature table.
 * @throws SlipwayError `usage` for times that are none, a window that holds none, and one of a table without an event time
 */
export function parseEventWindow({ name, eventTime }: FeatureTable, { from, to }: WindowWords): ParsedWindow {
  if (eventTime === undefined && (from ?? to) !== undefined) {
    throw new SlipwayError('usage', {
      what: `Feature table ${name} has no event time`,
      next: 'Leave out --from and --to',
    });
  }
  const window = { from: parseTime(from, '--from'), to: parseTime(to, '--to') };
  if (window.from !== undefined && window.to !== undefined && window.from >= window.to) {
    throw new SlipwayError('usage', {
      what: 'The window of --from and --to holds no time',
      expected: '--from earlier than --to',
      next: 'Correct one of them',
    });
  }
  return window;
}
