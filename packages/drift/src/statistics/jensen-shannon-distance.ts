import { checkCounts } from './check-counts.ts';

/**
 * Jensen-Shannon distance of two vectors of counts: the square root of the divergence in base 2, 0 to 1
 * (`scipy.spatial.distance.jensenshannon(base=2)`).
 * @throws SlipwayError `sample_invalid`
 */
export function jensenShannonDistance(reference: readonly number[], current: readonly number[]): number {
  const { referenceTotal, currentTotal } = checkCounts(reference, current);
  let divergence = 0;
  reference.forEach((count, cell) => {
    const p = count / referenceTotal;
    const q = current[cell]! / currentTotal;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / middle)) / 2;
  });
  return Math.sqrt(Math.max(0, divergence));
}
