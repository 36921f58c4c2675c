import type { FeatureMatrix } from './feature-matrix.ts';
import type { FittedForest } from './fitted-estimator.ts';

/**
 * Mean over the trees, summed in tree order as ml-random-forest does, so that the doubles are the same.
 * Trees are the outer loop: one tree stays in the cache while all rows pass through it.
 */
export function predictForest(forest: FittedForest, { rowCount, columns }: FeatureMatrix): Float64Array {
  const { roots, feature, value, right } = forest;
  const sums = new Float64Array(rowCount);
  for (const root of roots) {
    for (let row = 0; row < rowCount; row += 1) {
      let node = root;
      let column = feature[node]!;
      while (column >= 0) {
        node = columns[column]![row]! < value[node]! ? node + 1 : right[node]!;
        column = feature[node]!;
      }
      sums[row]! += value[node]!;
    }
  }
  return sums.map((sum) => sum / roots.length);
}
