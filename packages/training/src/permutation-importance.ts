import { SlipwayError } from '@slipway/contracts';
import { predictEstimator, type FeatureMatrix, type FittedEstimator } from '@slipway/models';
import { MersenneTwister19937, shuffle } from 'random-js';

export interface PermutationOptions {
  /** Decides how values change places. */
  readonly seed: number;
  /** Times that each feature is shuffled. @default 5 */
  readonly repeats?: number;
}

/**
 * How much worse predictions get when a feature's values change places among the rows: the mean increase of the root mean
 * squared error, by feature, in the unit that the estimator was fitted in. About 0 for a feature that does not matter; on rows that the model has
 * not seen it does not favour what it learnt by heart. Breiman 2001, doi:10.1023/A:1010933404324.
 * @param target one value per row, in the unit that the estimator was fitted in: its logarithm under `targetTransform: 'log'`
 * @throws SlipwayError `parameter_invalid` for fewer than 1 repeat; `schema_mismatch` for other columns than were fitted on
 */
export function permutationImportance(
  estimator: FittedEstimator,
  { features, target }: { readonly features: FeatureMatrix; readonly target: Float64Array },
  { seed, repeats = 5 }: PermutationOptions,
): Float64Array {
  if (!Number.isInteger(repeats) || repeats < 1) throw noRepeats(repeats);
  const engine = MersenneTwister19937.seed(seed);
  const errorOf = (matrix: FeatureMatrix): number => rmseOf(predictEstimator(estimator, matrix), target);
  const before = errorOf(features);
  return Float64Array.from(features.columns, (column, feature) => {
    let sum = 0;
    for (let time = 0; time < repeats; time += 1) {
      const shuffled = Float64Array.from(shuffle(engine, [...column]));
      sum += errorOf({ ...features, columns: features.columns.with(feature, shuffled) }) - before;
    }
    return sum / repeats;
  });
}

function noRepeats(repeats: number): SlipwayError {
  return new SlipwayError('parameter_invalid', {
    what: '"repeats" does not tell how often a feature is shuffled',
    expected: 'a whole number from 1',
    received: `${repeats}`,
  });
}

function rmseOf(predictions: Float64Array, target: Float64Array): number {
  const squares = target.reduce((sum, value, row) => sum + (value - predictions[row]!) ** 2, 0);
  return Math.sqrt(squares / target.length);
}
