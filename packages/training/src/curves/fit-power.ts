import type { FeatureMatrix, FittedPower } from '@slipway/models';
import { fitLine } from './fit-line.ts';
import { checkPositive, onlyColumn } from './only-column.ts';

/** @throws SlipwayError `parameter_invalid` for more than one column, `fit_failed` for a value that is not above 0 */
export function fitPower(features: FeatureMatrix, target: Float64Array): FittedPower {
  const { told, values } = onlyColumn('power', features);
  checkPositive(`The column ${told}`, values);
  checkPositive('The target', target);
  const { slope, intercept } = fitLine(values.map(Math.log), target.map(Math.log));
  return { family: 'power', factor: Math.exp(intercept), exponent: slope };
}
