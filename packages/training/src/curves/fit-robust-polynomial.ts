import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { SlipwayError } from '@slipway/contracts';
import type { FittedPolynomial } from '@slipway/models';
import { LuDecomposition, Matrix } from 'ml-matrix';
import { integer, MersenneTwister19937 } from 'random-js';
import type { TrainingRows } from '../estimator-family.ts';
import type { RobustPolynomial } from '../estimator-schema.ts';
import { powersOf } from './least-squares.ts';
import { medianOf } from './median-of.ts';
import { checkEnough, onlyColumn } from './only-column.ts';

/**
 * Least median of squares (Rousseeuw 1984, doi:10.2307/2288718): of polynomials through a few rows each, drawn by the seed,
 * the one whose squared errors have the least median.
 * @throws SlipwayError `parameter_invalid` for more than one column, `fit_failed` for too few values, `aborted`
 */
export async function fitRobustPolynomial(
  { seed, params }: RobustPolynomial,
  { features, target }: TrainingRows,
  signal?: AbortSignal,
): Promise<FittedPolynomial> {
  const column = onlyColumn('robust-polynomial', features);
  const { degree, draws } = params;
  checkEnough('robust-polynomial', column, degree + 1);
  const { values, centre, spread } = column;
  const powers = Array.from(values, (value) => powersOf((value - centre) / spread, degree));
  const engine = MersenneTwister19937.seed(seed);
  let best = { median: Infinity, coefficients: [] as number[] };
  for (let draw = 0; draw < draws; draw += 1) {
    await yieldToEvents();
    if (signal?.aborted === true) throw new SlipwayError('aborted', { what: 'Training was cancelled' });
    const rows = drawRows(engine, values, degree + 1);
    if (rows === undefined) continue;
    const through = new LuDecomposition(new Matrix(rows.map((row) => powers[row]!)));
    // Values that lie too near to each other give no polynomial.
    if (through.isSingular()) continue;
    const coefficients = through.solve(Matrix.columnVector(rows.map((row) => target[row]!))).to1DArray();
    const median = medianSquare(powers, target, coefficients);
    if (median < best.median) best = { median, coefficients };
  }
  if (best.coefficients.length > 0)
    return { family: 'robust-polynomial', centre, spread, coefficients: best.coefficients };
  throw new SlipwayError('fit_failed', {
    what: `None of ${draws} draws of rows gave a polynomial: values of the column ${column.told} are too few, or lie too near to each other`,
    next: 'Lower "degree", raise "draws", or choose another feature',
  });
}

/** Tries for each row of a draw: where nearly all rows have one x, a draw that is not made costs little. */
const mostTries = 1_000;

/** Rows of different x, so that one polynomial goes through them; undefined when too many have the same x. */
function drawRows(engine: MersenneTwister19937, x: Float64Array, count: number): number[] | undefined {
  const draw = integer(0, x.length - 1);
  const rows = new Map<number, number>();
  for (let tries = 0; rows.size < count; tries += 1) {
    if (tries === mostTries * count) return undefined;
    const row = draw(engine);
    if (!rows.has(x[row]!)) rows.set(x[row]!, row);
  }
  return [...rows.values()];
}

function medianSquare(
  powers: readonly (readonly number[])[],
  target: Float64Array,
  coefficients: readonly number[],
): number {
  const squares = target.map((y, row) => {
    const predicted = powers[row]!.reduce((sum, power, place) => sum + power * coefficients[place]!, 0);
    return (y - predicted) ** 2;
  });
  return medianOf(squares);
}
