import { SlipwayError } from '@slipway/contracts';
import { predictEstimator, type FittedEstimator } from '@slipway/models';
import { checkFinite } from './check-finite.ts';
import { fitExponential } from './curves/fit-exponential.ts';
import { fitPolynomial } from './curves/fit-polynomial.ts';
import { fitPower } from './curves/fit-power.ts';
import { fitRobustPolynomial } from './curves/fit-robust-polynomial.ts';
import { fitTheilSen } from './curves/fit-theil-sen.ts';
import type { EstimatorFamily, TrainingRows } from './estimator-family.ts';
import type { Estimator } from './estimator-schema.ts';
import { fitLinear } from './fit-linear.ts';
import { fitForest, type FitOptions } from './forest/fit-forest.ts';

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
  if (rows.target.length === 0 || rows.target.length !== rows.features.rowCount) {
    throw new SlipwayError('fit_failed', {
      what: 'Features and target do not form a training set',
      expected: `${rows.features.rowCount} target values, at least 1`,
      received: `${rows.target.length}`,
    });
  }
  checkFeatures(rows);
  return checkFinite(await fitFamily(estimator, rows, options));
}

function checkFeatures({ features: { names, columns } }: TrainingRows): void {
  const place = columns.findIndex((column) => !column.every(Number.isFinite));
  if (place === -1) return;
  throw new SlipwayError('fit_failed', {
    what: `The column "${names[place]!}" has a value that is not finite`,
    expected: 'numbers in every row of every feature',
    next: 'Impute, clip or drop it in the preprocessing',
  });
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
      return fitRobustPolynomial(estimator, features, target);
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
