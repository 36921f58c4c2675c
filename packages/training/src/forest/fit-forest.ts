import { SlipwayError } from '@slipway/contracts';
import type { FittedForest } from '@slipway/models';
import { checkFinite } from '../check-finite.ts';
import { checkTrainingRows } from '../check-training-rows.ts';
import type { TrainingRows } from '../estimator-family.ts';
import type { RandomForest } from '../estimator-schema.ts';
import type { FitOptions } from '../fit-options.ts';
import { checkMemory } from './check-memory.ts';
import { chainSeeds, countFeatures } from './draw-sample.ts';
import { firstRows } from './first-rows.ts';
import { fitReferenceForest } from './fit-reference-forest.ts';
import { flattenTrees } from './flatten-trees.ts';
import { growTrees } from './grow-trees.ts';
import { importanceOf } from './importance-of.ts';
import { rankColumn, shared } from './rank-column.ts';

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
 * @throws SlipwayError `fit_failed` for rows that are none, of unequal number or not finite, and where a mean overflows;
 * `parameter_invalid` when `maxFeatures` leaves no feature or asks for more than there are, likewise `maxSamples`, or when
 * memory may not do; `aborted`
 */
export async function growForest(
  forest: RandomForest,
  data: TrainingRows,
  { onProgress, signal, workers = 1, memoryBytes = Infinity }: FitOptions = {},
): Promise<GrownForest> {
  checkTrainingRows(data);
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
  const flat = flattenTrees(trees, featureCount);
  const grown = selectionMethod === 'mean' ? flat : { ...flat, selectionMethod };
  return { forest: checkFinite(grown), importance: importanceOf(trees, featureCount) };
}

/**
 * The forest of {@link growForest}, or with `engine: 'reference'` that of ml-random-forest itself.
 * @throws SlipwayError as {@link growForest}; `fit_failed` where the library cannot
 */
export async function fitForest(
  forest: RandomForest,
  data: TrainingRows,
  options: FitOptions = {},
): Promise<FittedForest> {
  if (forest.engine !== 'reference') return (await growForest(forest, data, options)).forest;
  checkTrainingRows(data);
  checkFeatureCount(forest, data.features.columns.length);
  return fitReferenceForest(forest, data);
}

function checkFeatureCount({ params: { maxFeatures } }: RandomForest, featureCount: number): void {
  if (featureCount === 0) {
    throw new SlipwayError('fit_failed', {
      what: 'A forest cannot be fitted: the preprocessing leaves no column',
      next: 'Name a feature, or use the family "mean"',
    });
  }
  const count = countFeatures(maxFeatures, featureCount);
  if (count >= 1 && count <= featureCount) return;
  throw new SlipwayError('parameter_invalid', {
    what: '"maxFeatures" does not fit the number of features after preprocessing',
    expected: `1 to ${featureCount} features`,
    received: `${count}`,
  });
}
