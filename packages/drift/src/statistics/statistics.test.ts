import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustPValues, chiSquareTest, jensenShannonDistance, populationStabilityIndex } from '../index.ts';
import { logGamma, upperGamma } from './regularised-gamma.ts';

const counts = fc.integer({ min: 0, max: 500 });
const pair = fc
  .integer({ min: 1, max: 12 })
  .chain((cells) =>
    fc.tuple(
      fc.array(counts, { minLength: cells, maxLength: cells }),
      fc.array(counts, { minLength: cells, maxLength: cells }),
    ),
  )
  .filter(([a, b]) => [a, b].every((side) => side.some((count) => count > 0)));

describe('population stability index', () => {
  it('gives the reference value of 100 and 80 values over deciles', () => {
    const reference = new Array<number>(10).fill(10);
    const current = [3, 9, 9, 8, 8, 7, 10, 8, 8, 10];
    expect(populationStabilityIndex(reference, current)).toBeCloseTo(0.0662278443, 9);
  });

  it('is 0 for equal counts, symmetric, never negative', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(populationStabilityIndex(a, a)).toBe(0);
        const psi = populationStabilityIndex(a, b);
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(populationStabilityIndex(b, a)).toBeCloseTo(psi, 10);
      }),
    );
  });
});

describe('chi-square test', () => {
  it('gives the value of the scipy documentation', () => {
    const { statistic, pValue, degreesOfFreedom } = chiSquareTest([10, 10, 20], [20, 20, 20]);
    expect(statistic).toBeCloseTo(2.7777777778, 9);
    expect(pValue).toBeCloseTo(0.2493522088, 9);
    expect(degreesOfFreedom).toBe(2);
  });

  it('gives the reference value over deciles', () => {
    const current = [3, 9, 9, 8, 8, 7, 10, 8, 8, 10];
    const { statistic } = chiSquareTest(new Array<number>(10).fill(10), current, { minimumExpected: 0 });
    expect(statistic).toBeCloseTo(3.108954513, 8);
  });

  it('pools neighbouring cells until both sides expect five', () => {
    const { degreesOfFreedom } = chiSquareTest([50, 1, 1, 1, 1, 1, 1, 50], [50, 1, 1, 1, 1, 1, 1, 50]);
    expect(degreesOfFreedom).toBe(2);
    expect(chiSquareTest([3], [4]).pValue).toBe(1);
    expect(chiSquareTest([0, 3], [0, 4])).toMatchObject({ degreesOfFreedom: 0, pValue: 1 });
  });

  it('has p values between 0 and 1, and 1 for equal shares', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const { pValue } = chiSquareTest(a, b);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
        expect(
          chiSquareTest(
            a,
            a.map((count) => count * 3),
          ).pValue,
        ).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('Jensen-Shannon distance', () => {
  it('gives the values of the scipy tests, in base 2', () => {
    expect(jensenShannonDistance([1, 0, 0], [0, 1, 0])).toBe(1);
    const natural = 0.46450140402245893;
    expect(jensenShannonDistance([2, 0], [1, 1])).toBeCloseTo(natural / Math.sqrt(Math.LN2), 12);
  });

  it('is the reference value over deciles', () => {
    const current = [3, 9, 9, 8, 8, 7, 10, 8, 8, 10];
    expect(jensenShannonDistance(new Array<number>(10).fill(10), current)).toBeCloseTo(0.1160668042, 9);
  });
});

describe('the incomplete gamma function', () => {
  // scipy.special.gammaincc and gammaln
  it.each([
    [0.5, 0.1, 0.6547208460185768],
    [0.5, 20, 2.5396285894708634e-10],
    [4.5, 3, 0.7399182920946538],
    [4.5, 30, 1.3406780483959625e-9],
    [10, 10, 0.4579297144718523],
    [100, 80, 0.9828916869648668],
  ])('Q(%d, %d)', (a, x, expected) => {
    expect(Math.abs(upperGamma(a, x) / expected - 1)).toBeLessThan(1e-12);
  });

  it('has closed forms: Q(1, x) = exp(-x), Q(2, x) = (1 + x) exp(-x), Q(a, 0) = 1', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 200, noNaN: true }), (x) => {
        expect(upperGamma(1, x) / Math.exp(-x)).toBeCloseTo(1, 11);
        expect(upperGamma(2, x) / ((1 + x) * Math.exp(-x))).toBeCloseTo(1, 11);
      }),
    );
    expect(upperGamma(3, 0)).toBe(1);
  });

  it('logarithms of factorials', () => {
    let factorial = 1;
    for (let n = 1; n < 20; n += 1) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 11);
      factorial *= n;
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  });
});

describe('adjusted p values', () => {
  it('gives the values of the scipy documentation', () => {
    const adjusted = adjustPValues([0.5, 0.6, 0.1, 0.001]);
    [0.6, 0.6, 0.2, 0.004].forEach((expected, index) => expect(adjusted[index]).toBeCloseTo(expected, 12));
    expect(adjustPValues([])).toEqual([]);
  });
});

describe('samples', () => {
  it.each([
    [[], []],
    [[1], [1, 2]],
    [
      [0, 0],
      [1, 2],
    ],
    [
      [1, -1],
      [1, 2],
    ],
    [[1.5], [1]],
    [[NaN], [1]],
  ])('%j against %j is refused', (a, b) => {
    for (const compare of [populationStabilityIndex, chiSquareTest, jensenShannonDistance]) {
      expect(() => compare(a, b)).toThrow(expect.objectContaining({ code: 'sample_invalid' }));
    }
  });
});
