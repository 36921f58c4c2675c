import type { FittedForest } from '@slipway/models';
import type { Tree } from './grow-tree.ts';

/** Trees one after the other. */
export function flattenTrees(trees: readonly Tree[], featureCount: number): FittedForest {
  const nodeCount = trees.reduce((sum, { feature }) => sum + feature.length, 0);
  const forest: FittedForest = {
    family: 'random-forest',
    featureCount,
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodeCount),
    value: new Float64Array(nodeCount),
    right: new Int32Array(nodeCount),
  };
  let root = 0;
  trees.forEach(({ feature, value, right }, index) => {
    forest.roots[index] = root;
    forest.feature.set(feature, root);
    forest.value.set(value, root);
    for (let node = 0; node < right.length; node += 1)
      forest.right[root + node] = right[node]! < 0 ? -1 : right[node]! + root;
    root += feature.length;
  });
  return forest;
}
