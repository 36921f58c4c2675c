import { batchFromRows, type ColumnBatch, type ColumnSpec } from '@slipway/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPreprocessing, fitPreprocessing, preprocessingSchema } from './index.ts';

const specs: ColumnSpec[] = [
  { name: 'x', type: 'double' },
  { name: 's', type: 'string' },
];
const batch = (...rows: [number | null, string | null][]): ColumnBatch =>
  batchFromRows(
    rows.map(([x, s]) => ({ x, s })),
    specs,
  );
const training = batch([1, 'b'], [2, 'a'], [3, 'c'], [6, 'a']);

function run(steps: unknown, train: ColumnBatch, live = train): Record<string, number[]> {
  const parsed = preprocessingSchema.parse(steps);
  const matrix = applyPreprocessing(fitPreprocessing(parsed, train), live);
  return Object.fromEntries(matrix.names.map((name, place) => [name, [...matrix.columns[place]!]]));
}

describe('preprocessing', () => {
  it('encodes text by the order given', () => {
    const steps = [{ step: 'ordinal', columns: ['s'], order: ['a', 'b', 'c'] }];
    expect(run(steps, training)).toEqual({ x: [1, 2, 3, 6], s: [1, 0, 2, 0] });
    const lenient = [{ ...steps[0], unseen: 'after' }];
    expect(run(lenient, training, batch([1, 'z'])).s).toEqual([3]);
  });

  it('one-hot encodes the categories of the training rows, with or without the first', () => {
    const drop = { step: 'drop', columns: ['x'] };
    const all = [drop, { step: 'oneHot', columns: ['s'] }];
    expect(run(all, training)).toEqual({ 's=a': [0, 1, 0, 1], 's=b': [1, 0, 0, 0], 's=c': [0, 0, 1, 0] });
    const rest = [drop, { step: 'oneHot', columns: ['s'], dropFirst: true, unseen: 'ignore' }];
    expect(run(rest, training, batch([1, 'a'], [1, 'c'], [1, 'z']))).toEqual({
      's=b': [0, 0, 0],
      's=c': [0, 1, 0],
    });
  });

  it('fills NULL with what the training rows say, not the live ones', () => {
    const fill = (strategy: unknown): number[] | undefined =>
      run(
        [
          { step: 'drop', columns: ['s'] },
          { step: 'impute', columns: ['x'], with: strategy },
        ],
        training,
        batch([null, 'a'], [5, 'a']),
      ).x;
    expect(fill('mean')).toEqual([3, 5]);
    expect(fill('median')).toEqual([2.5, 5]);
    expect(fill({ constant: -1 })).toEqual([-1, 5]);
  });

  it('standardises as scikit-learn does (population deviation), and a constant column to 0', () => {
    const steps = [
      { step: 'drop', columns: ['s'] },
      { step: 'standardise', columns: ['x'] },
    ];
    const deviation = Math.sqrt(3.5);
    expect(run(steps, training).x).toEqual([1, 2, 3, 6].map((value) => (value - 3) / deviation));
    expect(run(steps, batch([4, 'a'], [4, 'a'])).x).toEqual([0, 0]);
  });

  it('takes logarithms that the exponential undoes', () => {
    const steps = [
      { step: 'drop', columns: ['s'] },
      { step: 'log', columns: ['x'] },
    ];
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const logs = run(steps, batch(...values.map((x): [number, string] => [x, 'a']))).x!;
        logs.forEach((log, row) => expect(Math.exp(log) / values[row]!).toBeCloseTo(1, 10));
      }),
    );
  });

  it.each([
    ['an unseen category', [{ step: 'oneHot', columns: ['s'] }], batch([1, 'a'], [1, 'z']), 's', 1],
    [
      'a text not in the order',
      [{ step: 'ordinal', columns: ['s'], order: ['a', 'b', 'c'] }],
      batch([1, 'z']),
      's',
      0,
    ],
    ['NULL', [{ step: 'drop', columns: ['s'] }], batch([1, 'a'], [null, 'a']), 'x', 1],
    [
      'a logarithm of 0',
      [
        { step: 'log', columns: ['x'] },
        { step: 'drop', columns: ['s'] },
      ],
      batch([0, 'a']),
      'x',
      0,
    ],
  ])('refuses %s, naming column and row and not the value', (_, steps, live, column, row) => {
    const apply = (): unknown => run(steps, training, live);
    expect(apply).toThrow(
      expect.objectContaining({
        code: 'value_unsupported',
        details: expect.objectContaining({ column, row }) as object,
      }),
    );
    expect(apply).not.toThrow(/"z"/);
  });

  it('refuses text that no step encodes, a column that is not there, and one without values', () => {
    expect(() => run([], training)).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
    expect(() => run([{ step: 'log', columns: ['y'] }], training)).toThrow(/"y"/);
    const impute = [{ step: 'impute', columns: ['x'], with: 'mean' }];
    expect(() => run(impute, batch([null, 'a']))).toThrow(expect.objectContaining({ code: 'fit_failed' }));
  });
});
