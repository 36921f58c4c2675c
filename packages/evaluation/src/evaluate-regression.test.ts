import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateRegression } from './index.ts';

const of = (...values: number[]): Float64Array => Float64Array.from(values);
const finite = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000);

describe('evaluateRegression', () => {
  it('gives the values of the scikit-learn documentation', () => {
    const metrics = evaluateRegression(of(3, -0.5, 2, 7), of(2.5, 0, 2, 8));
    expect(metrics.mae).toBe(0.5);
    expect(metrics.mse).toBe(0.375);
    expect(metrics.rmse).toBeCloseTo(0.6123724357, 10);
    expect(metrics.r2).toBeCloseTo(0.948608137, 9);
    expect(metrics.medianAe).toBe(0.5);
    expect(metrics.explainedVariance).toBeCloseTo(0.9571734475, 10);
    expect(metrics.mape).toBeCloseTo(0.3273809524, 10);
    expect(metrics.maxError).toBe(1);
  });

  it('gives r2 of a constant target as scikit-learn does: 1 when perfect, else 0', () => {
    expect(evaluateRegression(of(-2, -2, -2), of(-2, -2, -2)).r2).toBe(1);
    expect(evaluateRegression(of(-2, -2, -2), of(-2, -2, -2 + 1e-8)).r2).toBe(0);
  });

  it('is perfect for equal values, and r2 of the mean is 0', () => {
    const pairs = fc.array(finite, { minLength: 2, maxLength: 50 });
    fc.assert(
      fc.property(pairs, (values) => {
        const observed = Float64Array.from(values);
        const perfect = evaluateRegression(observed, observed);
        expect([perfect.rmse, perfect.mae, perfect.maxError, perfect.r2]).toEqual([0, 0, 0, 1]);
      }),
    );
    const observed = of(1, 2, 3, 6);
    expect(evaluateRegression(observed, of(3, 3, 3, 3)).r2).toBe(0);
  });

  it('orders mae <= rmse <= maxError, and does not depend on row order', () => {
    const rows = fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const evaluate = (list: typeof pairs): ReturnType<typeof evaluateRegression> =>
          evaluateRegression(of(...list.map(([o]) => o)), of(...list.map(([, p]) => p)));
        const { mae, rmse, maxError } = evaluate(pairs);
        expect(mae).toBeLessThanOrEqual(rmse * (1 + 1e-12));
        expect(rmse).toBeLessThanOrEqual(maxError * (1 + 1e-12));
        expect(evaluate(pairs.toReversed()).rmse).toBeCloseTo(rmse, 6);
      }),
    );
  });

  it.each([
    ['no rows', of(), of()],
    ['unequal lengths', of(1, 2), of(1)],
    ['NaN', of(1, NaN), of(1, 2)],
    ['infinity', of(1, 2), of(1, Infinity)],
  ])('refuses %s', (_, observed, predicted) => {
    expect(() => evaluateRegression(observed, predicted)).toThrow(
      expect.objectContaining({ code: 'sample_invalid' }),
    );
  });
});
