import type { PackedForest } from './packed-forest.ts';

/**
 * Adds what every tree predicts to the sum of each row, tree by tree: one tree stays in the cache while all rows pass through
 * it.
 * @param block the rows, one after the other, each with `width` features
 */
export function addTrees(
  { roots, values, integers }: PackedForest,
  block: Float64Array,
  width: number,
  sums: Float64Array,
): void {
  for (let tree = 0; tree < roots.length; tree += 1) {
    const root = roots[tree]!;
    for (let row = 0; row < sums.length; row += 1) {
      const start = row * width;
      let node = root;
      for (let column = integers[4 * node + 2]!; column >= 0; column = integers[4 * node + 2]!)
        node = block[start + column]! < values[2 * node]! ? node + 1 : integers[4 * node + 3]!;
      sums[row]! += values[2 * node]!;
    }
  }
}
