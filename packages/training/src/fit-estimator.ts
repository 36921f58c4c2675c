import { SlipwayError } from '@slipway/contracts';
import { predictEstimator, type FittedEstimator } from '@slipway/models';
import { checkFinite } from './check-finite.ts';
import { checkTrainingRows } from './check-training-rows.ts';
import { fitExponential } from './curves/fit-exponential.ts';
import { fitPolynomial } from './curves/fit-polynomial.ts';
import { fitPower } from './curves/fit-power.ts';
import { fitRobustPolynomial } from './curves/fit-robust-polynomial.ts';
import { fitTheilSen } from './curves/fit-theil-sen.ts';
import type { EstimatorFamily, TrainingRows } from './estimator-family.ts';
import type { Estimator } from './estimator-schema.ts';
import { fitLinear } from './fit-linear.ts';
import type { FitOptions } from './fit-options.ts';
import { fitForest } from './forest/fit-forest.ts';

/** A configured estimator as a family: what it fits and what that predicts. */
export function familyOf(estimator: Estimator): EstimatorFamily<FittedEstimator> {
  return {
    name: estimator.family,
    fit: (rows, options) => fitEstimator(estimator, rows, options),
    predict: predictEstimator,
  };
}

/**
 * Fits an estimator to features. The same rows give the same model, bit for bit.
 * @throws SlipwayError `fit_failed` for rows that no model of the family can be fitted to, `parameter_invalid`, `aborted`
 */
export async function fitEstimator(
  estimator: Estimator,
  rows: TrainingRows,
  options: FitOptions = {},
): Promise<FittedEstimator> {
  if (options.signal?.aborted === true) throw new SlipwayError('aborted', { what: 'Training was cancelled' });
  checkTrainingRows(rows);
  return checkFinite(await fitFamily(estimator, rows, options));
}

async function fitFamily(
  estimator: Estimator,
  { features, target }: TrainingRows,
  options: FitOptions,
): Promise<FittedEstimator> {
  switch (estimator.family) {
    case 'random-forest':
      return fitForest(estimator, { features, target }, options);
    case 'linear':
      return fitLinear(features, target);
    case 'polynomial':
      return fitPolynomial(estimator.params.degree, features, target);
    case 'robust-polynomial':
      return fitRobustPolynomial(estimator, { features, target }, options.signal);
    case 'power':
      return fitPower(features, target);
    case 'exponential':
      return fitExponential(features, target);
    case 'theil-sen':
      return fitTheilSen(estimator, features, target);
    case 'mean':
      return { family: 'mean', mean: target.reduce((sum, value) => sum + value, 0) / target.length };
  }
}
