import type { PackedForest } from './packed-forest.ts';

/**
 * Adds what every tree predicts to the sum of each row, tree by tree, so that the sums are those of ml-random-forest to the
 * bit. Four walks go on side by side: while one waits for its node to come from memory, the others step. Of many rows they go
 * down one tree, which stays in the cache meanwhile; of few, down four trees.
 * @param block the rows, one after the other, each with `width` features
 */
export function addTrees(forest: PackedForest, block: Float64Array, width: number, sums: Float64Array): void {
  if (sums.length < 4) addTreesToFew(forest, block, width, sums);
  else addTreesToMany(forest, block, width, sums);
}

function addTreesToFew(forest: PackedForest, block: Float64Array, width: number, sums: Float64Array): void {
  const { roots, values } = forest;
  for (let row = 0; row < sums.length; row += 1) {
    const start = row * width;
    let sum = sums[row]!;
    let tree = 0;
    for (; tree + 4 <= roots.length; tree += 4) {
      let [a, b, c, d] = [roots[tree]!, roots[tree + 1]!, roots[tree + 2]!, roots[tree + 3]!];
      while (isInside(forest, a, b, c, d)) {
        a = step(forest, block, start, a);
        b = step(forest, block, start, b);
        c = step(forest, block, start, c);
        d = step(forest, block, start, d);
      }
      sum = sum + values[2 * a]! + values[2 * b]! + values[2 * c]! + values[2 * d]!;
    }
    for (; tree < roots.length; tree += 1) sum += predictionOf(forest, block, start, roots[tree]!);
    sums[row] = sum;
  }
}

function addTreesToMany(forest: PackedForest, block: Float64Array, width: number, sums: Float64Array): void {
  const { roots, values } = forest;
  for (const root of roots) {
    let row = 0;
    for (; row + 4 <= sums.length; row += 4) {
      const start = row * width;
      let [a, b, c, d] = [root, root, root, root];
      while (isInside(forest, a, b, c, d)) {
        a = step(forest, block, start, a);
        b = step(forest, block, start + width, b);
        c = step(forest, block, start + 2 * width, c);
        d = step(forest, block, start + 3 * width, d);
      }
      sums[row]! += values[2 * a]!;
      sums[row + 1]! += values[2 * b]!;
      sums[row + 2]! += values[2 * c]!;
      sums[row + 3]! += values[2 * d]!;
    }
    for (; row < sums.length; row += 1) sums[row]! += predictionOf(forest, block, row * width, root);
  }
}

/** Until all four are leaves, which alone have a negative feature. */
function isInside({ integers }: PackedForest, a: number, b: number, c: number, d: number): boolean {
  return (integers[4 * a + 2]! & integers[4 * b + 2]! & integers[4 * c + 2]! & integers[4 * d + 2]!) >= 0;
}

/**
 * The child that a row goes to; of a leaf, the leaf. Computed, not branched to: a processor guesses wrong for half of the
 * nodes, and waits for what it guessed.
 * @param start of the row in the block
 */
function step({ values, integers }: PackedForest, block: Float64Array, start: number, node: number): number {
  const feature = integers[4 * node + 2]!;
  if (feature < 0) return node;
  const right = integers[4 * node + 3]!;
  const isLess = Number(block[start + feature]! < values[2 * node]!);
  return right + ((node + 1 - right) & -isLess);
}

function predictionOf(forest: PackedForest, block: Float64Array, start: number, root: number): number {
  let node = root;
  while (forest.integers[4 * node + 2]! >= 0) node = step(forest, block, start, node);
  return forest.values[2 * node]!;
}
