import fc from 'fast-check';
import { batchFromRows, SlipwayError, type ColumnSpec } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { applyPreprocessing, fitPreprocessing, nullableInputs, preprocessingSchema } from './index.ts';

const specs: ColumnSpec[] = [
  { name: 'd', type: 'datetime' },
  { name: 'x', type: 'double' },
  { name: 'y', type: 'double' },
];
const training = batchFromRows(
  Array.from({ length: 4 }, (_, row) => ({ d: row * 9e10, x: row + 1, y: 2 * row + 1 })),
  specs,
);
const nullable = (...steps: object[]): string[] => [
  ...nullableInputs(
    preprocessingSchema.parse(steps),
    specs.map(({ name }) => name),
  ),
];
const impute = (...columns: string[]): object => ({ step: 'impute', columns, with: 'mean' });

describe('nullableInputs', () => {
  it('follows a column through what is made of it', () => {
    expect(nullable()).toEqual([]);
    expect(nullable(impute('x'))).toEqual(['x']);
    const parts = { step: 'dateParts', columns: ['d'], parts: ['hour', 'month'] };
    expect(nullable(parts, impute('d_hour'))).toEqual([]);
    expect(nullable(parts, impute('d_hour', 'd_month'))).toEqual(['d']);
    expect(nullable(parts, impute('d_hour'), { step: 'drop', columns: ['d_month'] })).toEqual(['d']);
    const ratio = { step: 'ratio', numerator: 'x', denominator: 'y', as: 'r' };
    expect(nullable(ratio, impute('r'))).toEqual([]);
    expect(nullable(ratio, impute('r', 'x'))).toEqual(['x']);
    expect(nullable(ratio, impute('x'))).toEqual([]);
    expect(nullable(impute('x'), ratio)).toEqual(['x']);
  });

  /** A column that is not nullable may take NULL all the same where nothing is left of it. */
  it('names columns whose NULL the model takes, whatever the steps', () => {
    const step = fc.oneof(
      fc.constantFrom<object>(
        { step: 'dateParts', columns: ['d'], parts: ['hour'] },
        { step: 'ratio', numerator: 'x', denominator: 'y', as: 'r' },
        { step: 'product', columns: ['x', 'y'], as: 'p' },
        { step: 'standardise', columns: ['y'] },
        { step: 'cyclic', columns: ['x'], period: 7 },
      ),
      fc.constantFrom('d', 'x', 'y', 'r', 'p', 'd_hour', 'x_sin', 'x_cos').map((name) => impute(name)),
      fc.constantFrom('x', 'y', 'r', 'p').map((name) => ({ step: 'drop', columns: [name] })),
    );
    let seen = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const parsed = preprocessingSchema.parse(steps);
        let fitted;
        try {
          fitted = fitPreprocessing(parsed, training);
        } catch (error) {
          if (SlipwayError.isInstance(error)) return;
          throw error;
        }
        for (const name of nullable(...steps)) {
          const row = { d: 0, x: 3, y: 4, [name]: null };
          const { columns } = applyPreprocessing(fitted, batchFromRows([row], specs));
          expect(columns.every(([value]) => Number.isFinite(value))).toBe(true);
          seen += 1;
        }
      }),
      { seed: 3, numRuns: 500 },
    );
    expect(seen).toBeGreaterThan(20);
  });
});
