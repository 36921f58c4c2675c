import { SlipwayError } from '@slipway/contracts';
import { predictEstimator, type FeatureMatrix, type FittedForest } from '@slipway/models';
import type { RandomForest } from '../estimator-schema.ts';
import { chainSeeds, drawSample } from './draw-sample.ts';

export interface OutOfBag {
  /** By training row: the mean of the trees that have not seen it, as `predictOOB` of ml-random-forest; NaN for none. */
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
  { features, target }: { readonly features: FeatureMatrix; readonly target: Float64Array },
): OutOfBag {
  const { params } = configuration;
  if (!params.useSampleBagging) {
    throw new SlipwayError('parameter_invalid', {
      what: 'Without bagging every tree has seen every row, and none is out of the bag',
      next: 'Leave "useSampleBagging" true',
    });
  }
  const { rowCount, columns } = features;
  const sampling = { params, rowCount, featureCount: columns.length };
  const [sums, counts] = [new Float64Array(rowCount), new Int32Array(rowCount)];
  chainSeeds(configuration, sampling).forEach((seed, tree) => {
    const unseen = new Uint8Array(rowCount).fill(1);
    for (const row of drawSample(seed, sampling).rows) unseen[row] = 0;
    const rows = Array.from(unseen.keys()).filter((row) => unseen[row] === 1);
    const predictions = predictEstimator(treeOf(forest, tree), pickRows(features, rows));
    rows.forEach((row, place) => {
      sums[row]! += predictions[place]!;
      counts[row]! += 1;
    });
  });
  const predictions = sums.map((sum, row) => (counts[row] === 0 ? NaN : sum / counts[row]!));
  return { predictions, rmse: rmseOf(predictions, target) };
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
