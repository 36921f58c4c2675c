import { SlipwayError, tellColumns } from '@slipway/contracts';
import { meanAndDeviation, type FeatureMatrix, type FittedLinear } from '@slipway/models';
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';

/**
 * Ordinary least squares with an intercept, by a QR decomposition of standardised columns: units do not spoil the solution,
 * and the normal equations would lose twice the digits. Coefficients come back in the units of the features.
 * @throws SlipwayError `fit_failed` when there is no column, or when columns depend on each other, naming those that do most
 */
export function fitLinear({ rowCount, names, columns }: FeatureMatrix, target: Float64Array): FittedLinear {
  if (names.length === 0) throw noColumns();
  const scales = columns.map(meanAndDeviation);
  checkConstant(names, scales);
  const standardised = new Matrix(rowCount, columns.length);
  columns.forEach((column, place) => {
    const { mean, deviation } = scales[place]!;
    for (let row = 0; row < rowCount; row += 1)
      standardised.set(row, place, (column[row]! - mean) / deviation);
  });
  checkIndependence(names, standardised);
  const { mean } = meanAndDeviation(target);
  const centred = Matrix.columnVector(target.map((value) => value - mean));
  const weights = new QrDecomposition(standardised).solve(centred).to1DArray();
  const coefficients = weights.map((weight, place) => weight / scales[place]!.deviation);
  const intercept = coefficients.reduce(
    (sum, coefficient, place) => sum - coefficient * scales[place]!.mean,
    mean,
  );
  return { family: 'linear', intercept, coefficients };
}

function checkConstant(names: readonly string[], scales: readonly { readonly deviation: number }[]): void {
  const constant = names.filter((_, place) => !(scales[place]!.deviation > 0));
  if (constant.length > 0) throw dependent(constant, 'are the same in every row');
}

/** Singular values of the correlation matrix: one near 0 means that columns add up to a constant. */
function checkIndependence(names: readonly string[], standardised: Matrix): void {
  const { rows } = standardised;
  if (rows <= names.length) throw dependent(names, `have only ${rows} rows`);
  const correlations = standardised.transpose().mmul(standardised).div(rows);
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
