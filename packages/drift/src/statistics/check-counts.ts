import { SlipwayError } from '@slipway/contracts';

/** @throws SlipwayError `sample_invalid` unless both are counts over the same cells, each with at least one value */
export function checkCounts(
  reference: readonly number[],
  current: readonly number[],
): { referenceTotal: number; currentTotal: number } {
  const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
  const areCounts = [...reference, ...current].every((count) => Number.isSafeInteger(count) && count >= 0);
  const [referenceTotal, currentTotal] = [total(reference), total(current)];
  if (areCounts && reference.length === current.length && referenceTotal > 0 && currentTotal > 0) {
    return { referenceTotal, currentTotal };
  }
  throw new SlipwayError('sample_invalid', {
    what: 'Reference and current cannot be compared',
    expected: 'counts over the same cells, with at least one value each',
    received: `${reference.length} and ${current.length} cells with ${referenceTotal} and ${currentTotal} values`,
  });
}
