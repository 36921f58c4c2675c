import { SlipwayError } from '@slipway/contracts';

/**
 * A window whose end is no number, or which ends before it begins, would hold no row, and nothing would say so.
 * @throws SlipwayError `invalid_argument`
 */
export function checkWindowEnds({ from, to }: { readonly from?: unknown; readonly to?: unknown }): void {
  const ends = [from, to].filter((end) => end !== undefined);
  const isReversed = Number(from) > Number(to);
  if (ends.every((end) => typeof end === 'number' && Number.isFinite(end)) && !isReversed) return;
  throw new SlipwayError('invalid_argument', {
    what: isReversed
      ? 'A window of times ends before it begins'
      : 'A window of times has an end that is no time',
    expected: 'microseconds since 1970-01-01 UTC, "from" not after "to"',
    next: 'Correct "from" and "to", or leave one out',
  });
}
