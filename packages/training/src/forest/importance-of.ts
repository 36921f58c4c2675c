import type { Tree } from './grow-tree.ts';

/** By feature: its share of what the cuts of each tree take away, averaged over the trees; 0 where no tree has a cut. */
export function importanceOf(trees: readonly Tree[], featureCount: number): Float64Array {
  const shares = new Float64Array(featureCount);
  for (const { gains } of trees) {
    const total = sumOf(gains);
    if (total > 0) gains.forEach((gain, feature) => (shares[feature]! += gain / total));
  }
  const total = sumOf(shares);
  return total > 0 ? shares.map((share) => share / total) : shares;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
