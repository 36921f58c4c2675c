import { SlipwayError } from '@slipway/contracts';
import { predictEstimator, type FeatureMatrix, type FittedForest } from '@slipway/models';
import type { RandomForest } from '../estimator-schema.ts';
import { chainSeeds, drawSample } from './draw-sample.ts';
import { firstRows } from './first-rows.ts';

export interface OutOfBag {
  /**
   * By training row, of which `maxSamples` may leave the last out: the mean or median of the trees that have not seen it, as
   * `predictOOB` of ml-random-forest; NaN for none.
   */
  readonly predictions: Float64Array;
  /** Root mean squared error over the rows that some tree has not seen, in the unit of the target; NaN for none. */
  readonly rmse: number;
}

/**
 * What a forest predicts for the rows that it was trained on, each by the trees that did not draw it: an error without a
 * test set. Trees x rows, where the library takes the square of the rows.
 * @param forest fitted with `configuration` on these very rows
 * @throws SlipwayError `parameter_invalid` when every tree has seen every row, without bagging
 */
export function outOfBag(
  forest: FittedForest,
  configuration: RandomForest,
  data: { readonly features: FeatureMatrix; readonly target: Float64Array },
): OutOfBag {
  const { params } = configuration;
  if (!params.useSampleBagging) {
    throw new SlipwayError('parameter_invalid', {
      what: 'Without bagging every tree has seen every row, and none is out of the bag',
      next: 'Leave "useSampleBagging" true',
    });
  }
  const { features, target } = firstRows(params, data);
  const { rowCount, columns } = features;
  const sampling = { params, rowCount, featureCount: columns.length };
  const ofRows = Array.from({ length: rowCount }, (): number[] => []);
  chainSeeds(configuration, sampling).forEach((seed, tree) => {
    const unseen = new Uint8Array(rowCount).fill(1);
    for (const row of drawSample(seed, sampling).rows) unseen[row] = 0;
    const rows = Array.from(unseen.keys()).filter((row) => unseen[row] === 1);
    const predictions = predictEstimator(treeOf(forest, tree), pickRows(features, rows));
    rows.forEach((row, place) => ofRows[row]!.push(predictions[place]!));
  });
  const predictions = Float64Array.from(ofRows, (ofTrees) => combine(ofTrees, forest));
  return { predictions, rmse: rmseOf(predictions, target) };
}

function combine(ofTrees: readonly number[], { selectionMethod }: FittedForest): number {
  if (ofTrees.length === 0) return NaN;
  // The lower of two middle ones, as in predictions.
  if (selectionMethod === 'median') return Float64Array.from(ofTrees).sort()[(ofTrees.length - 1) >> 1]!;
  return ofTrees.reduce((sum, value) => sum + value, 0) / ofTrees.length;
}

/** A forest of one of the trees, without the nodes of the others. */
function treeOf({ roots, feature, value, right, ...forest }: FittedForest, tree: number): FittedForest {
  const [start, end] = [roots[tree]!, roots[tree + 1] ?? feature.length];
  return {
    ...forest,
    roots: Int32Array.of(0),
    feature: feature.slice(start, end),
    value: value.slice(start, end),
    right: right.slice(start, end).map((node) => (node < 0 ? -1 : node - start)),
  };
}

function pickRows({ names, columns }: FeatureMatrix, rows: readonly number[]): FeatureMatrix {
  return {
    rowCount: rows.length,
    names,
    columns: columns.map((column) => Float64Array.from(rows, (row) => column[row]!)),
  };
}

function rmseOf(predictions: Float64Array, target: Float64Array): number {
  let [squares, count] = [0, 0];
  predictions.forEach((predicted, row) => {
    if (Number.isNaN(predicted)) return;
    squares += (predicted - target[row]!) ** 2;
    count += 1;
  });
  return Math.sqrt(squares / count);
}
