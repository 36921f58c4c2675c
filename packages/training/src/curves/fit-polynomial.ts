import type { FeatureMatrix, FittedPolynomial } from '@slipway/models';
import { leastSquares } from './least-squares.ts';
import { checkEnough, onlyColumn } from './only-column.ts';

/** @throws SlipwayError `parameter_invalid` for more than one column, `fit_failed` for too few values */
export function fitPolynomial(
  degree: number,
  features: FeatureMatrix,
  target: Float64Array,
): FittedPolynomial {
  const column = onlyColumn('polynomial', features);
  const { values, centre, spread } = column;
  const z = values.map((value) => (value - centre) / spread);
  checkEnough('polynomial', { ...column, values: z }, degree + 1);
  return { family: 'polynomial', centre, spread, coefficients: leastSquares(z, target, degree) };
}
