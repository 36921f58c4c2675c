import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix, FittedTheilSen } from '@slipway/models';
import { integer, MersenneTwister19937 } from 'random-js';
import type { TheilSen } from '../estimator-schema.ts';
import { medianOf } from './median-of.ts';
import { onlyColumn } from './only-column.ts';

/**
 * The estimator of Theil (1950) and Sen (1968): the median slope between two rows of different x, and the median of what
 * the line leaves as intercept, as ml-regression has it.
 * @throws SlipwayError `parameter_invalid` for more than one column, `fit_failed` for one without two values
 */
export function fitTheilSen(
  { seed, params }: TheilSen,
  features: FeatureMatrix,
  target: Float64Array,
): FittedTheilSen {
  const { values } = onlyColumn('theil-sen', features);
  const pairs = (values.length * (values.length - 1)) / 2;
  const slopes =
    pairs <= params.maxPairs ? allSlopes(values, target) : drawnSlopes(values, target, { seed, ...params });
  const slope = medianOf(slopes);
  return {
    family: 'theil-sen',
    slope,
    intercept: medianOf(target.map((y, row) => y - slope * values[row]!)),
  };
}

function allSlopes(x: Float64Array, y: Float64Array): Float64Array {
  const slopes = new Float64Array((x.length * (x.length - 1)) / 2);
  let count = 0;
  for (let one = 0; one < x.length; one += 1) {
    for (let other = one + 1; other < x.length; other += 1) {
      if (x[one] === x[other]) continue;
      slopes[count] = (y[other]! - y[one]!) / (x[other]! - x[one]!);
      count += 1;
    }
  }
  return slopes.subarray(0, count);
}

/** Pairs of equal x are drawn again, as long as others come often enough. */
function drawnSlopes(
  x: Float64Array,
  y: Float64Array,
  { seed, maxPairs }: { readonly seed: number; readonly maxPairs: number },
): Float64Array {
  const engine = MersenneTwister19937.seed(seed);
  const draw = integer(0, x.length - 1);
  const slopes = new Float64Array(maxPairs);
  let count = 0;
  for (let drawn = 0; count < maxPairs && drawn < 4 * maxPairs; drawn += 1) {
    const [one, other] = [draw(engine), draw(engine)];
    if (x[one] === x[other]) continue;
    slopes[count] = (y[other]! - y[one]!) / (x[other]! - x[one]!);
    count += 1;
  }
  if (count > 0) return slopes.subarray(0, count);
  throw new SlipwayError('fit_failed', {
    what: `None of ${4 * maxPairs} pairs of rows that were drawn has two values of the column`,
    next: 'Raise "maxPairs", or choose a feature that varies more',
  });
}
