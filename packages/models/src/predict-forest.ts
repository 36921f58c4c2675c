import { addTrees } from './add-trees.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import type { FittedForest } from './fitted-estimator.ts';
import { medianOfTrees } from './median-of-trees.ts';
import { packForest } from './packed-forest.ts';

/** Rows that pass through all trees together: many, so that each tree is fetched seldom, and few enough to be copied. */
const blockRows = 32_768;

/** For a median what every tree predicts is kept, so there are fewer. */
const blockRowsOfMedians = 1_024;

/**
 * Mean over the trees, summed in tree order as ml-random-forest does, so that the doubles are the same, for one row as for
 * many; or their median. Of a block of rows trees are the outer loop: one stays in the cache while the rows pass through it.
 */
export function predictForest(forest: FittedForest, { rowCount, columns }: FeatureMatrix): Float64Array {
  const isMedian = forest.selectionMethod === 'median';
  const mostRows = isMedian ? blockRowsOfMedians : blockRows;
  const nodes = packForest(forest);
  const results = new Float64Array(rowCount);
  const block = new Float64Array(Math.min(mostRows, rowCount) * columns.length);
  for (let start = 0; start < rowCount; start += mostRows) {
    const end = Math.min(start + mostRows, rowCount);
    layOutRows(columns, start, end, block);
    const predict = isMedian ? medianOfTrees : addTrees;
    predict(nodes, block, columns.length, results.subarray(start, end));
  }
  return isMedian ? results : divideBy(results, forest.roots.length);
}

/** Puts rows one after the other, as trees read them. */
export function layOutRows(
  columns: FeatureMatrix['columns'],
  start: number,
  end: number,
  block: Float64Array,
): void {
  columns.forEach((column, place) => {
    for (let row = start; row < end; row += 1) block[(row - start) * columns.length + place] = column[row]!;
  });
}

/** Sums to means, in place. */
export function divideBy(sums: Float64Array, count: number): Float64Array {
  for (let row = 0; row < sums.length; row += 1) sums[row]! /= count;
  return sums;
}
