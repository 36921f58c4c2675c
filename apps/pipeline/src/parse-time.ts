import { SlipwayError } from '@slipway/contracts';

/**
 * A date (its first moment in UTC) or a time with its zone, as microseconds since 1970-01-01 UTC.
 * @throws SlipwayError `usage` when it is not ISO 8601
 */
export function parseTime(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const iso = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  const milliseconds = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/.test(iso) ? Date.parse(iso) : NaN;
  if (Number.isFinite(milliseconds)) return milliseconds * 1000;
  throw new SlipwayError('usage', {
    what: `${option} is not a time`,
    expected: 'ISO 8601, for example 2011-07-01 or 2011-07-01T06:00:00Z',
  });
}
