import type { FeatureMatrix, FittedExponential } from '@slipway/models';
import { fitLine } from './fit-line.ts';
import { checkPositive, onlyColumn } from './only-column.ts';

/** @throws SlipwayError `parameter_invalid` for more than one column, `fit_failed` for a target that is not above 0 */
export function fitExponential(features: FeatureMatrix, target: Float64Array): FittedExponential {
  const { values } = onlyColumn('exponential', features);
  checkPositive('The target', target);
  const { slope, intercept } = fitLine(values, target.map(Math.log));
  return { family: 'exponential', factor: Math.exp(intercept), rate: slope };
}
