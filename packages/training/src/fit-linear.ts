import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix, FittedLinear } from '@slipway/models';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { MultivariateLinearRegression } from 'ml-regression';

/**
 * Ordinary least squares with an intercept, by ml-regression on standardised columns, so that units do not spoil the
 * solution; coefficients come back in the units of the features.
 * @throws SlipwayError `fit_failed` when columns depend on each other, naming those that do most
 */
export function fitLinear(features: FeatureMatrix, target: Float64Array): FittedLinear {
  const scales = features.columns.map(scaleOf);
  checkConstant(features, scales);
  const rows = Array.from({ length: features.rowCount }, (_, row) =>
    features.columns.map((column, place) => (column[row]! - scales[place]!.mean) / scales[place]!.deviation),
  );
  checkIndependence(features.names, rows);
  const observed = Array.from(target, (value) => [value]);
  const { weights } = new MultivariateLinearRegression(rows, observed, {
    intercept: true,
    statistics: false,
  });
  const standardised = weights.map((row) => row[0]!);
  const coefficients = scales.map(({ deviation }, place) => standardised[place]! / deviation);
  const intercept = coefficients.reduce(
    (sum, coefficient, place) => sum - coefficient * scales[place]!.mean,
    standardised.at(-1)!,
  );
  return { family: 'linear', intercept, coefficients };
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

function scaleOf(values: Float64Array): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function checkConstant({ names }: FeatureMatrix, scales: readonly Scale[]): void {
  const constant = names.filter((_, place) => !(scales[place]!.deviation > 0));
  if (constant.length > 0) throw dependent(constant, 'are the same in every row');
}

/** Singular values of the correlation matrix: one near 0 means that columns add up to a constant. */
function checkIndependence(names: readonly string[], rows: readonly (readonly number[])[]): void {
  if (rows.length <= names.length) throw dependent(names, `have only ${rows.length} rows`);
  const matrix = new Matrix(rows as number[][]);
  const decomposition = new SingularValueDecomposition(matrix.transpose().mmul(matrix).div(rows.length));
  const smallest = decomposition.diagonal.at(-1)!;
  if (smallest > 1e-10 * decomposition.diagonal[0]!) return;
  const weights = decomposition.rightSingularVectors.getColumn(names.length - 1);
  const guilty = names.filter((_, place) => Math.abs(weights[place]!) > 1e-3);
  throw dependent(guilty, 'depend on each other');
}

function dependent(names: readonly string[], how: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `A linear model cannot be fitted: the columns ${names.join(', ')} ${how}`,
    next: 'Leave one out, or set "dropFirst" in the one-hot step',
  });
}
