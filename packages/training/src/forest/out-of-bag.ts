import { SlipwayError } from '@slipway/contracts';
import { lowerMedian, predictEstimator, type FeatureMatrix, type FittedForest } from '@slipway/models';
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
  const seen = forest.selectionMethod === 'median' ? tallyMedians(rowCount) : tallyMeans(rowCount);
  chainSeeds(configuration, sampling).forEach((seed, tree) => {
    const unseen = new Uint8Array(rowCount).fill(1);
    for (const row of drawSample(seed, sampling).rows) unseen[row] = 0;
    const rows = Array.from(unseen.keys()).filter((row) => unseen[row] === 1);
    const predictions = predictEstimator(treeOf(forest, tree), pickRows(features, rows));
    rows.forEach((row, place) => seen.add(row, predictions[place]!));
  });
  const predictions = Float64Array.from({ length: rowCount }, (_, row) => seen.of(row));
  return { predictions, rmse: rmseOf(predictions, target) };
}

/** What trees predict for rows, one prediction after the other. */
interface Tally {
  readonly add: (row: number, prediction: number) => void;
  /** NaN for a row without a prediction. */
  readonly of: (row: number) => number;
}

function tallyMeans(rowCount: number): Tally {
  const [sums, counts] = [new Float64Array(rowCount), new Int32Array(rowCount)];
  return {
    add: (row, prediction) => {
      sums[row]! += prediction;
      counts[row]! += 1;
    },
    of: (row) => (counts[row] === 0 ? NaN : sums[row]! / counts[row]!),
  };
}

/** Keeps every prediction: about rows x trees / e doubles. */
function tallyMedians(rowCount: number): Tally {
  const ofRows = Array.from({ length: rowCount }, (): number[] => []);
  return {
    add: (row, prediction) => void ofRows[row]!.push(prediction),
    of: (row) => (ofRows[row]!.length === 0 ? NaN : lowerMedian(Float64Array.from(ofRows[row]!))),
  };
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
