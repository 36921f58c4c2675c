import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix, FittedForest } from '@slipway/models';
import type { RandomForest } from '../estimator-schema.ts';
import { checkMemory } from './check-memory.ts';
import { chainSeeds, countFeatures } from './draw-sample.ts';
import type { Tree } from './grow-tree.ts';
import { fitReferenceForest } from './fit-reference-forest.ts';
import { firstRows } from './first-rows.ts';
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
  /** Memory that there is. What would take more is refused before it begins. @default no limit */
  readonly memoryBytes?: number | undefined;
}

/** A forest and what its features are worth to it. */
export interface GrownForest {
  readonly forest: FittedForest;
  /**
   * By feature: the share of the squared error that its cuts take away, averaged over the trees, 0 to 1, 1 in all (0 where no
   * tree has a cut). The `feature_importances_` of scikit-learn; like them it favours features of many values.
   */
  readonly importance: Float64Array;
}

/**
 * Grows ml-random-forest's regression forest, bit for bit, from presorted columns: the time grows with
 * trees x features x rows x depth, where the library's search is quadratic in rows.
 * @throws SlipwayError `parameter_invalid` when `maxFeatures` leaves no feature or asks for more than there are, likewise
 * `maxSamples`, or when memory may not do; `aborted`
 */
export async function growForest(
  forest: RandomForest,
  data: { readonly features: FeatureMatrix; readonly target: Float64Array },
  { onProgress, signal, workers = 1, memoryBytes = Infinity }: FitOptions = {},
): Promise<GrownForest> {
  const { params } = forest;
  const featureCount = data.features.columns.length;
  checkFeatureCount(forest, featureCount);
  const { features, target } = firstRows(params, data);
  const sampling = { params, rowCount: features.rowCount, featureCount };
  checkMemory({ ...sampling, workers }, memoryBytes);
  const seeds = chainSeeds(forest, sampling);
  const columns = features.columns.map(rankColumn);
  const plan = { columns, target: shared(target), sampling, tree: params, seeds };
  const onTree = (done: number): void => onProgress?.({ done, total: seeds.length });
  const trees = await growTrees(plan, { workers, onTree, signal });
  const { selectionMethod = 'mean' } = params;
  const flat = flatten(trees, featureCount);
  const grown = selectionMethod === 'mean' ? flat : { ...flat, selectionMethod };
  return { forest: grown, importance: importanceOf(trees, featureCount) };
}

/**
 * The forest of {@link growForest}, or with `engine: 'reference'` that of ml-random-forest itself.
 * @throws SlipwayError as {@link growForest}; `fit_failed` where the library cannot
 */
export async function fitForest(
  forest: RandomForest,
  data: { readonly features: FeatureMatrix; readonly target: Float64Array },
  options: FitOptions = {},
): Promise<FittedForest> {
  if (forest.engine !== 'reference') return (await growForest(forest, data, options)).forest;
  checkFeatureCount(forest, data.features.columns.length);
  return fitReferenceForest(forest, data);
}

function importanceOf(trees: readonly Tree[], featureCount: number): Float64Array {
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
