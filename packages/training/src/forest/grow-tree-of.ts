import { drawSample, type SampleOptions } from './draw-sample.ts';
import { growTree, type Tree, type TreeParams } from './grow-tree.ts';
import type { RankedColumn } from './rank-column.ts';
import { gatherSample } from './tree-rows.ts';

/** All that the trees of a forest are grown from; its arrays are shared memory. */
export interface ForestPlan {
  readonly columns: readonly RankedColumn[];
  readonly target: Float64Array;
  readonly sampling: SampleOptions;
  readonly tree: TreeParams;
  /** One seed per tree. */
  readonly seeds: Int32Array;
}

/** Grows one tree of a forest, whichever thread asks. Its features are the forest's. */
export function growTreeOf({ columns, target, sampling, tree, seeds }: ForestPlan, index: number): Tree {
  const sample = drawSample(seeds[index]!, sampling);
  const { feature, gains, ...nodes } = growTree(gatherSample({ columns, target }, sample), tree);
  const gainsOfAll = new Float64Array(columns.length);
  sample.features.forEach((own, place) => (gainsOfAll[own]! += gains[place]!));
  return {
    ...nodes,
    feature: feature.map((place) => (place < 0 ? -1 : sample.features[place]!)),
    gains: gainsOfAll,
  };
}
