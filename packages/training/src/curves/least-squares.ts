import { SlipwayError } from '@slipway/contracts';
import { Matrix, solve } from 'ml-matrix';

/**
 * Coefficients of the polynomial of z with the least squares, from the constant upwards, by a QR decomposition: the normal
 * equations would lose twice the digits.
 * @throws SlipwayError `fit_failed` when values of z lie so near to each other that their powers depend on each other
 */
export function leastSquares(z: Float64Array, target: Float64Array, degree: number): number[] {
  const powers = Array.from(z, (value) => powersOf(value, degree));
  try {
    return solve(new Matrix(powers), Matrix.columnVector(target)).to1DArray();
  } catch (cause) {
    throw new SlipwayError('fit_failed', {
      what: `No polynomial of degree ${degree} can be told from the rows`,
      expected: 'values of the column that lie further apart',
      next: 'Lower "degree", or choose another feature',
      cause,
    });
  }
}

/** 1, z, z^2, ... by multiplication, as predictions have them. */
export function powersOf(z: number, degree: number): number[] {
  const powers = [1];
  for (let power = 1; power <= degree; power += 1) powers.push(powers[power - 1]! * z);
  return powers;
}
