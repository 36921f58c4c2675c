import { addTrees } from './add-trees.ts';
import type { PackedForest } from './packed-forest.ts';

/**
 * What the middle tree predicts for each row, the lower of two middle ones, as the median of ml-random-forest is.
 * @param block the rows, one after the other, each with `width` features
 * @param medians one per row, written
 */
export function medianOfTrees(
  forest: PackedForest,
  block: Float64Array,
  width: number,
  medians: Float64Array,
): void {
  const predictions = Array.from(forest.roots, (root) => {
    const ofTree = new Float64Array(medians.length);
    addTrees({ ...forest, roots: Int32Array.of(root) }, block, width, ofTree);
    return ofTree;
  });
  const ofRow = new Float64Array(predictions.length);
  for (let row = 0; row < medians.length; row += 1) {
    predictions.forEach((ofTree, tree) => (ofRow[tree] = ofTree[row]!));
    medians[row] = lowerMedian(ofRow);
  }
}

/** The middle value, the lower one of two. Sorts in place. */
export function lowerMedian(values: Float64Array): number {
  return values.sort()[(values.length - 1) >> 1]!;
}
