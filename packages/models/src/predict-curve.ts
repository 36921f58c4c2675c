import type { FeatureMatrix } from './feature-matrix.ts';
import type { FittedCurve, FittedPolynomial } from './fitted-estimator.ts';
import { refusedValue } from './steps/refused-value.ts';

/** @throws SlipwayError `value_unsupported` for a value that a power cannot take */
export function predictCurve(curve: FittedCurve, { names, columns }: FeatureMatrix): Float64Array {
  const column = columns[0]!;
  if (curve.family === 'power') {
    const row = column.findIndex((value) => value <= 0);
    if (row !== -1) throw refusedValue(names[0]!, row, { why: 'a power needs a value above 0' });
  }
  return column.map(curveOf(curve));
}

function curveOf(curve: FittedCurve): (x: number) => number {
  switch (curve.family) {
    case 'polynomial':
    case 'robust-polynomial':
      return (x) => polynomialOf(curve, x);
    case 'theil-sen':
      return (x) => curve.intercept + curve.slope * x;
    case 'power':
      return (x) => curve.factor * x ** curve.exponent;
    case 'exponential':
      return (x) => curve.factor * Math.exp(curve.rate * x);
  }
}

/** Powers by multiplication and terms from the constant upwards, as the graph has them: to the same bit. */
function polynomialOf({ centre, spread, coefficients }: FittedPolynomial, x: number): number {
  const z = (x - centre) / spread;
  let [sum, power] = [coefficients[0]!, 1];
  for (let degree = 1; degree < coefficients.length; degree += 1) {
    power *= z;
    sum += coefficients[degree]! * power;
  }
  return sum;
}
