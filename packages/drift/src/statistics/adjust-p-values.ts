/**
 * P-values adjusted for their number by Benjamini and Hochberg (1995), in the order given: rejecting those below alpha
 * keeps the expected share of false discoveries below alpha.
 * @example adjustPValues([0.5, 0.6, 0.1, 0.001]) // => [0.6, 0.6, 0.2, 0.004]
 */
export function adjustPValues(pValues: readonly number[]): number[] {
  const descending = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let smallest = 1;
  descending.forEach((index, place) => {
    smallest = Math.min(smallest, (pValues[index]! * pValues.length) / (pValues.length - place));
    adjusted[index] = smallest;
  });
  return adjusted;
}
