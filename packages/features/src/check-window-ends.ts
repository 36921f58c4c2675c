import { SlipwayError } from '@slipway/contracts';

/**
 * A window whose end is no number, or which does not end after it begins, would hold no row, and nothing would say so.
 * @throws SlipwayError `invalid_argument`
 */
export function checkWindowEnds({ from, to }: { readonly from?: unknown; readonly to?: unknown }): void {
  const ends = [from, to].filter((end) => end !== undefined);
  const isEmpty = Number(from) >= Number(to);
  if (ends.every((end) => typeof end === 'number' && Number.isFinite(end)) && !isEmpty) return;
  throw new SlipwayError('invalid_argument', {
    what: isEmpty ? 'A window of times holds no time' : 'A window of times has an end that is no time',
    expected: '"from" before "to", microseconds since 1970-01-01 UTC',
    next: 'Correct "from" and "to", or leave one out',
  });
}
