import { SlipwayError } from './slipway-error.ts';

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))?)?$/;

/**
 * Reads an ISO 8601 date or time as microseconds since 1970-01-01 UTC. The one reading of times in Slipway: files,
 * requests and options all come here, so that no machine's own zone ever counts.
 *
 * A date is its first moment. Without a zone the text is UTC; `Z` and offsets such as `+02:00` are accepted, as is a
 * space in the place of `T` (RFC 3339, section 5.6). Up to six fraction digits. Only days of the calendar: 30 February,
 * hour 24 and second 60 are refused.
 * @throws SlipwayError `value_unsupported`, without the text, when it is no such time or beyond +-2^53 microseconds
 * (1684-07-28 to 2255-06-05)
 * @example parseDatetime('2011-07-01T06:00:00+06:00') // => 1309478400000000
 */
export function parseDatetime(text: string): number {
  const match = pattern.exec(text);
  if (match === null) throw noTime();
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  // Date.UTC would read the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  const isOnCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isOnCalendar || hour > 23 || minute > 59 || second > 59) throw noTime();
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offsetSeconds(match.slice(8));
  const microseconds = seconds * 1_000_000 + Number((match[7] ?? '').padEnd(6, '0'));
  if (Number.isSafeInteger(microseconds)) return microseconds;
  throw new SlipwayError('value_unsupported', {
    what: 'A time lies too far from 1970 to be kept to the microsecond',
    expected: 'a time from 1684-07-28 to 2255-06-05',
  });
}

/** Seconds east of UTC. */
function offsetSeconds([sign, hours = '0', minutes = '0']: readonly (string | undefined)[]): number {
  // Postgres allows no more than 15:59.
  if (Number(hours) > 15 || Number(minutes) > 59) throw noTime();
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return sign === '-' ? -seconds : seconds;
}

function noTime(): SlipwayError {
  return new SlipwayError('value_unsupported', {
    what: 'A text is no time',
    expected: 'ISO 8601, for example 2026-01-31 or 2026-01-31T12:00:00Z',
  });
}
