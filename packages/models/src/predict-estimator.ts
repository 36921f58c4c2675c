import { checkColumnCount } from './check-column-count.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import type { FittedEstimator, FittedLinear } from './fitted-estimator.ts';
import { predictCurve } from './predict-curve.ts';
import { predictForest } from './predict-forest.ts';

/**
 * One prediction per row, in the unit the estimator was fitted in.
 * @throws SlipwayError `schema_mismatch` when the number of columns differs from training
 */
export function predictEstimator(estimator: FittedEstimator, features: FeatureMatrix): Float64Array {
  switch (estimator.family) {
    case 'random-forest':
      checkColumnCount(features.columns, estimator.featureCount);
      return predictForest(estimator, features);
    case 'linear':
      checkColumnCount(features.columns, estimator.coefficients.length);
      return predictLinear(estimator, features);
    case 'mean':
      return new Float64Array(features.rowCount).fill(estimator.mean);
    default:
      checkColumnCount(features.columns, 1);
      return predictCurve(estimator, features);
  }
}

function predictLinear({ intercept, coefficients }: FittedLinear, features: FeatureMatrix): Float64Array {
  const predictions = new Float64Array(features.rowCount).fill(intercept);
  coefficients.forEach((coefficient, place) => {
    const column = features.columns[place]!;
    for (let row = 0; row < predictions.length; row += 1) predictions[row]! += coefficient * column[row]!;
  });
  return predictions;
}
