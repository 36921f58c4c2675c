import { parseDatetime, SlipwayError } from '@slipway/contracts';

/**
 * A date (its first moment) or a time, in UTC unless it names its zone, as microseconds since 1970-01-01 UTC.
 * @throws SlipwayError `usage` when it is not ISO 8601
 */
export function parseTime(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parseDatetime(text);
  } catch (cause) {
    throw new SlipwayError('usage', {
      what: `${option} is not a time`,
      expected: 'ISO 8601, for example 2011-07-01 or 2011-07-01T06:00:00Z',
      cause,
    });
  }
}
