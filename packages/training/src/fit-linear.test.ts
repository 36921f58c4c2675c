import type { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix, FittedLinear } from '@slipway/models';
import { describe, expect, it } from 'vitest';
import { estimatorSchema, fitEstimator } from './index.ts';

const linear = estimatorSchema.parse({ family: 'linear' });
const matrixOf = (columns: Record<string, ArrayLike<number>>, rowCount: number): FeatureMatrix => ({
  rowCount,
  names: Object.keys(columns),
  columns: Object.values(columns).map((values) => Float64Array.from(values)),
});
const range = (count: number, f: (row: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => f(row));

async function messageOf(features: FeatureMatrix, target: Float64Array): Promise<string> {
  const error: unknown = await fitEstimator(linear, { features, target }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'fit_failed' });
  return (error as SlipwayError).message;
}

describe('fitLinear', () => {
  it('keeps the digits of columns that are nearly alike', async () => {
    const a = range(200, (row) => Math.sin(row * 1.7));
    const b = range(200, (row) => a[row]! + 1e-4 * Math.cos(row * 2.9));
    const target = range(200, (row) => 3 * a[row]! + 5 * b[row]! + 1);
    const fitted = await fitEstimator(linear, { features: matrixOf({ a, b }, 200), target });
    const { intercept, coefficients } = fitted as FittedLinear;
    expect(coefficients[0]! / 3).toBeCloseTo(1, 10);
    expect(coefficients[1]! / 5).toBeCloseTo(1, 10);
    expect(intercept).toBeCloseTo(1, 12);
  });

  it('refuses a column of one decimal, whose mean is not that decimal', async () => {
    const features = matrixOf({ c: range(10, () => 0.1), x: range(10, (row) => row) }, 10);
    expect(
      await messageOf(
        features,
        range(10, (row) => 3 * row + 7),
      ),
    ).toMatch(/columns of "c" are the same in every row/);
  });

  it('refuses to fit no column', async () => {
    expect(
      await messageOf(
        matrixOf({}, 4),
        range(4, (row) => row),
      ),
    ).toMatch(/leaves no column/);
  });

  it('tells columns by what they were made of, never by a category, and not thousands', async () => {
    const encoded = Object.fromEntries(
      Array.from({ length: 30 }, (_, place) => [
        `mail=p${place}@x.org`,
        range(8, (row) => Number(row === place)),
      ]),
    );
    const message = await messageOf(
      matrixOf(encoded, 8),
      range(8, (row) => row),
    );
    expect(message).toMatch(/columns of "mail"/);
    expect(message).not.toMatch(/x\.org/);
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, place) => [`c${place}`, range(8, () => 1)]),
    );
    expect(
      await messageOf(
        matrixOf(many, 8),
        range(8, (row) => row),
      ),
    ).toMatch(/"c11" and 18 more/);
  });
});
