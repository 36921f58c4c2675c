import { Matrix, solve } from 'ml-matrix';

/**
 * Coefficients of the polynomial of z with the least squares, from the constant upwards, by a QR decomposition: the normal
 * equations would lose twice the digits.
 */
export function leastSquares(z: Float64Array, target: Float64Array, degree: number): number[] {
  const powers = Array.from(z, (value) => powersOf(value, degree));
  return solve(new Matrix(powers), Matrix.columnVector(target)).to1DArray();
}

/** 1, z, z^2, ... by multiplication, as predictions have them. */
export function powersOf(z: number, degree: number): number[] {
  const powers = [1];
  for (let power = 1; power <= degree; power += 1) powers.push(powers[power - 1]! * z);
  return powers;
}
