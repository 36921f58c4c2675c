import { SlipwayError } from '@slipway/contracts';
import { median } from 'simple-statistics';
import type { RegressionMetric } from './metric.ts';

/**
 * Every regression metric of predictions against observed values, by the definitions of scikit-learn.
 * `r2` and `explainedVariance` of a constant target are 1 for a perfect prediction, else 0, as there.
 * @throws SlipwayError `sample_invalid` when empty, of unequal length or not finite
 * @example evaluateRegression(Float64Array.of(3, -0.5, 2, 7), Float64Array.of(2.5, 0, 2, 8)).rmse // => 0.6123724356957945
 */
export function evaluateRegression(
  observed: Float64Array,
  predicted: Float64Array,
): Record<RegressionMetric, number> {
  checkPair(observed, predicted);
  const count = observed.length;
  const errors = observed.map((value, row) => value - predicted[row]!);
  const absolute = errors.map(Math.abs);
  const squares = sum(errors.map((error) => error * error));
  const meanObserved = sum(observed) / count;
  const meanError = sum(errors) / count;
  const total = sum(observed.map((value) => (value - meanObserved) ** 2));
  const mse = squares / count;
  return {
    rmse: Math.sqrt(mse),
    mae: sum(absolute) / count,
    medianAe: median(Array.from(absolute)),
    mse,
    mape:
      sum(absolute.map((error, row) => error / Math.max(Math.abs(observed[row]!), Number.EPSILON))) / count,
    maxError: absolute.reduce((a, b) => Math.max(a, b), 0),
    r2: explained(squares, total),
    explainedVariance: explained(sum(errors.map((error) => (error - meanError) ** 2)), total),
  };
}

/** @throws SlipwayError `sample_invalid` */
export function checkPair(observed: Float64Array, predicted: Float64Array): void {
  const isSound =
    observed.length > 0 &&
    observed.length === predicted.length &&
    observed.every(Number.isFinite) &&
    predicted.every(Number.isFinite);
  if (isSound) return;
  throw new SlipwayError('sample_invalid', {
    what: 'Observed and predicted values cannot be compared',
    expected: 'equally many finite numbers, at least one',
    received: `${observed.length} and ${predicted.length} values`,
  });
}

function explained(remaining: number, total: number): number {
  if (total === 0) return remaining === 0 ? 1 : 0;
  return 1 - remaining / total;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
