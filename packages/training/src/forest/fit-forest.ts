import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix, FittedForest } from '@slipway/models';
import type { RandomForest } from '../estimator-schema.ts';
import { countFeatures, drawSamples, type TreeSample } from './draw-sample.ts';
import { growTree, type Tree } from './grow-tree.ts';
import { gatherRows } from './node-rows.ts';
import { rankColumn } from './rank-column.ts';

export interface FitProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Grows ml-random-forest's regression forest, bit for bit, from presorted columns: the time grows with
 * trees x features x rows x depth, where the library's search is quadratic in rows.
 * @throws SlipwayError `parameter_invalid` when `maxFeatures` leaves no feature or asks for more than there are,
 * `aborted`
 */
export async function fitForest(
  forest: RandomForest,
  { features, target }: { features: FeatureMatrix; target: Float64Array },
  { onProgress, signal }: { onProgress?: (progress: FitProgress) => void; signal?: AbortSignal } = {},
): Promise<FittedForest> {
  checkFeatureCount(forest, features.columns.length);
  const ranked = features.columns.map(rankColumn);
  const samples = drawSamples(forest, features.rowCount, features.columns.length);
  const trees: Tree[] = [];
  for (const sample of samples) {
    if (signal?.aborted === true) throw new SlipwayError('aborted', { what: 'Training was cancelled' });
    trees.push(growTree(gatherRows(ranked, target, sample), forest.params));
    onProgress?.({ done: trees.length, total: samples.length });
    await yieldToEvents();
  }
  return flatten(trees, samples, features.columns.length);
}

function checkFeatureCount({ params: { maxFeatures } }: RandomForest, featureCount: number): void {
  const count = countFeatures(maxFeatures, featureCount);
  if (count >= 1 && count <= featureCount) return;
  throw new SlipwayError('parameter_invalid', {
    what: '"maxFeatures" does not fit the number of features after preprocessing',
    expected: `1 to ${featureCount} features`,
    received: `${count}`,
  });
}

/** Trees one after the other, with the features' places in the whole matrix. */
function flatten(trees: readonly Tree[], samples: readonly TreeSample[], featureCount: number): FittedForest {
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
    const used = samples[index]!.features;
    forest.roots[index] = root;
    forest.feature.set(
      feature.map((place) => (place < 0 ? -1 : used[place]!)),
      root,
    );
    forest.value.set(value, root);
    forest.right.set(
      right.map((node) => (node < 0 ? -1 : node + root)),
      root,
    );
    root += feature.length;
  });
  return forest;
}
