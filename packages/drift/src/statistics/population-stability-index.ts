import { checkCounts } from './check-counts.ts';

/**
 * Population stability index of two vectors of counts over the same cells:
 * sum of (current share - reference share) x ln(current share / reference share), with shares (count + 0.5) / (n + cells / 2)
 * so that an empty cell is finite. 0 for equal shares; without drift about (cells - 1) x (1/n + 1/m).
 * @throws SlipwayError `sample_invalid`
 */
export function populationStabilityIndex(reference: readonly number[], current: readonly number[]): number {
  const { referenceTotal, currentTotal } = checkCounts(reference, current);
  const half = reference.length / 2;
  return reference.reduce((sum, count, cell) => {
    const expected = (count + 0.5) / (referenceTotal + half);
    const actual = (current[cell]! + 0.5) / (currentTotal + half);
    return sum + (actual - expected) * Math.log(actual / expected);
  }, 0);
}
