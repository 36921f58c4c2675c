import { SlipwayError, tellColumns } from '@slipway/contracts';
import { meanAndDeviation, type FeatureMatrix, type FittedLinear } from '@slipway/models';
import { CholeskyDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';

/** Digits that the normal equations lose come back by two corrections. */
const passes = 3;

/**
 * Ordinary least squares with an intercept: the normal equations of standardised columns, so that units do not spoil the
 * solution, corrected by the solution of what they leave (Björck 1987, Stability analysis of the method of seminormal
 * equations). Coefficients come back in the units of the features.
 * @throws SlipwayError `fit_failed` when there is no column, or when columns depend on each other, naming those that do most
 */
export function fitLinear({ names, columns }: FeatureMatrix, target: Float64Array): FittedLinear {
  if (names.length === 0) throw noColumns();
  const scales = columns.map(meanAndDeviation);
  checkConstant(names, scales);
  const standardised = columns.map((column, place) => {
    const { mean, deviation } = scales[place]!;
    return column.map((value) => (value - mean) / deviation);
  });
  const { mean } = meanAndDeviation(target);
  const weights = solveLeastSquares(
    names,
    standardised,
    target.map((value) => value - mean),
  );
  const coefficients = weights.map((weight, place) => weight / scales[place]!.deviation);
  const intercept = coefficients.reduce(
    (sum, coefficient, place) => sum - coefficient * scales[place]!.mean,
    mean,
  );
  return { family: 'linear', intercept, coefficients };
}

/** @param residual the centred target; becomes what the columns do not explain */
function solveLeastSquares(
  names: readonly string[],
  columns: readonly Float64Array[],
  residual: Float64Array,
): number[] {
  const correlations = new Matrix(columns.map((one) => columns.map((other) => meanProduct(one, other))));
  checkIndependence(names, correlations, residual.length);
  const decomposition = new CholeskyDecomposition(correlations);
  const weights = columns.map(() => 0);
  for (let pass = 0; pass < passes; pass += 1) {
    const left = columns.map((column) => meanProduct(column, residual));
    const step = decomposition.solve(Matrix.columnVector(left)).to1DArray();
    step.forEach((weight, place) => {
      weights[place]! += weight;
      const column = columns[place]!;
      for (let row = 0; row < residual.length; row += 1) residual[row]! -= weight * column[row]!;
    });
  }
  return weights;
}

function meanProduct(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < one.length; row += 1) sum += one[row]! * other[row]!;
  return sum / one.length;
}

function checkConstant(names: readonly string[], scales: readonly { readonly deviation: number }[]): void {
  const constant = names.filter((_, place) => !(scales[place]!.deviation > 0));
  if (constant.length > 0) throw dependent(constant, 'are the same in every row');
}

/** Singular values of the correlation matrix: one near 0 means that columns add up to a constant. */
function checkIndependence(names: readonly string[], correlations: Matrix, rowCount: number): void {
  if (rowCount <= names.length) throw dependent(names, `have only ${rowCount} rows`);
  const decomposition = new SingularValueDecomposition(correlations);
  const smallest = decomposition.diagonal.at(-1)!;
  if (smallest > 1e-10 * decomposition.diagonal[0]!) return;
  const weights = decomposition.rightSingularVectors.getColumn(names.length - 1);
  const guilty = names.filter((_, place) => Math.abs(weights[place]!) > 1e-3);
  throw dependent(guilty, 'depend on each other');
}

function noColumns(): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: 'A linear model cannot be fitted: the preprocessing leaves no column',
    next: 'Name a feature, or use the family "mean"',
  });
}

function dependent(names: readonly string[], how: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `A linear model cannot be fitted: the columns of ${tellColumns(names)} ${how}`,
    next: 'Leave one out, or set "dropFirst" in the one-hot step',
  });
}
