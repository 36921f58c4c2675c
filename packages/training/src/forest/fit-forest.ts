import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix, FittedForest } from '@slipway/models';
import type { RandomForest } from '../estimator-schema.ts';
import { chainSeeds, countFeatures } from './draw-sample.ts';
import type { Tree } from './grow-tree.ts';
import { fitReferenceForest } from './fit-reference-forest.ts';
import { growTrees } from './grow-trees.ts';
import { rankColumn, shared } from './rank-column.ts';

export interface FitProgress {
  readonly done: number;
  readonly total: number;
}

/** How a model is fitted; none of it changes the model. */
export interface FitOptions {
  /** Called after each tree of a forest. */
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Worker threads that grow trees. The result is the same with any number. @default 1 no thread besides this one */
  readonly workers?: number | undefined;
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
  { onProgress, signal, workers = 1 }: FitOptions = {},
): Promise<FittedForest> {
  const { params, engine = 'fast' } = forest;
  const featureCount = features.columns.length;
  checkFeatureCount(forest, featureCount);
  if (engine === 'reference') return fitReferenceForest(forest, { features, target });
  const sampling = { params, rowCount: features.rowCount, featureCount };
  const seeds = chainSeeds(forest, sampling);
  const columns = features.columns.map(rankColumn);
  const plan = { columns, target: shared(target), sampling, tree: params, seeds };
  const onTree = (done: number): void => onProgress?.({ done, total: seeds.length });
  return flatten(await growTrees(plan, { workers, onTree, signal }), featureCount);
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

/** Trees one after the other. */
function flatten(trees: readonly Tree[], featureCount: number): FittedForest {
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
