import { batchFromRows, parseDatetime, type ColumnBatch, type ColumnSpec } from '@slipway/contracts';
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

  it('refuses to one-hot encode what is another text in each of many rows, before memory runs out', () => {
    const values = Array.from({ length: 25_000 }, (_, row) => `id ${row}`);
    const ids: ColumnBatch = { rowCount: values.length, columns: [{ name: 'id', type: 'string', values }] };
    const act = (): unknown => run([{ step: 'oneHot', columns: ['id'] }], ids);
    expect(act).toThrowError(/"id" has too many categories.* at most 21474 in 25000 rows, received 25000/);
    expect(act).toThrowError(expect.objectContaining({ code: 'fit_failed' }));
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

  it('fills with a constant of the type of the column, or not at all', () => {
    const fill = (column: string, constant: unknown) => () =>
      run([{ step: 'impute', columns: [column], with: { constant } }], training);
    for (const [column, constant] of [
      ['x', ''],
      ['x', 'abc'],
      ['x', '5'],
      ['s', 5],
    ] as const) {
      expect(fill(column, constant)).toThrow(
        expect.objectContaining({
          code: 'fit_failed',
          message: expect.stringMatching(/constant.*has the wrong type/s) as string,
        }),
      );
    }
  });

  it('names no column and no text twice', () => {
    for (const step of [
      { step: 'standardise', columns: ['x', 'x'] },
      { step: 'ordinal', columns: ['s'], order: ['S', 'M', 'S'] },
    ])
      expect(preprocessingSchema.safeParse([step]).error?.message).toMatch(/nothing is named twice/);
  });

  it('refuses to learn what overflows', () => {
    const huge = batch([1e200, 'a'], [-1e200, 'a']);
    expect(() => run([{ step: 'standardise', columns: ['x'] }], huge)).toThrow(
      expect.objectContaining({
        code: 'fit_failed',
        message: expect.stringMatching(/"standardise"/) as string,
      }),
    );
  });

  it('takes a column of one decimal for constant, though its mean is not that decimal', () => {
    const steps = [
      { step: 'drop', columns: ['s'] },
      { step: 'standardise', columns: ['x'] },
    ];
    const tenths = batch(...Array.from({ length: 10 }, (): [number, string] => [0.1, 'a']));
    expect(run(steps, tenths, batch([0.1, 'a'], [0.2, 'a'])).x).toEqual([0, 0]);
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

/** Values of numpy 2.4, pandas 3.0 and scikit-learn 1.9 for this column. */
describe('steps on numbers, as numpy and scikit-learn have them', () => {
  const numbers = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3.5];
  const column = (values: readonly (number | null)[]): ColumnBatch =>
    batchFromRows(
      values.map((x) => ({ x })),
      [{ name: 'x', type: 'double' }],
    );
  const change = (step: object, live: readonly (number | null)[] = numbers): number[] =>
    run([{ ...step, columns: ['x'] }], column(numbers), column(live)).x!;

  it.each<[string, object, number[]]>([
    // numpy.clip(x, *numpy.quantile(x, [0.1, 0.9]))
    [
      'winsorise',
      { step: 'winsorise', lower: 0.1, upper: 0.9 },
      [3, 1, 4, 1, 5, 6.299999999999999, 2, 6, 5, 3.5],
    ],
    ['clip', { step: 'clip', lower: 2, upper: 5 }, [3, 2, 4, 2, 5, 5, 2, 5, 5, 3.5]],
    // MinMaxScaler()
    ['minMax', { step: 'minMax' }, [0.25, 0, 0.375, 0, 0.5, 1, 0.125, 0.625, 0.5, 0.3125]],
    // KBinsDiscretizer(n_bins=4, encode='ordinal', strategy='quantile', quantile_method='linear')
    ['bin by quantiles', { step: 'bin', by: { quantiles: 4 } }, [1, 0, 2, 0, 3, 3, 0, 3, 3, 1]],
    // KBinsDiscretizer(n_bins=4, encode='ordinal', strategy='uniform')
    ['bin of equal width', { step: 'bin', by: { equalWidth: 4 } }, [1, 0, 1, 0, 2, 3, 0, 2, 2, 1]],
    ['bin by edges', { step: 'bin', by: { edges: [2, 5] } }, [1, 0, 1, 0, 2, 2, 1, 2, 2, 1]],
  ])('%s', (_, step, expected) => {
    expect(change(step)).toEqual(expected);
  });

  it('log1p, near 0 too', () => {
    const logs = change({ step: 'log1p' }, [1e-20, 7e-8, 0.5, -0.5, 1e6]);
    expect(logs).toEqual([
      1e-20, 6.999999755000013e-8, 0.4054651081081644, -0.6931471805599453, 13.815511557963774,
    ]);
    expect(() => change({ step: 'log1p' }, [-1])).toThrow(
      /column.*"x", row 0: a logarithm needs a value above -1/i,
    );
  });

  it('fills with the most frequent value, of two the smaller, and says where it did', () => {
    const steps = [{ step: 'impute', columns: ['x'], with: 'mostFrequent', indicator: true }];
    expect(run(steps, column(numbers), column([null, 7]))).toEqual({ x: [1, 7], x_missing: [1, 0] });
    const texts = [
      { step: 'drop', columns: ['x'] },
      { step: 'impute', columns: ['s'], with: 'mostFrequent', indicator: true },
      { step: 'ordinal', columns: ['s'], order: ['a', 'b', 'c'] },
    ];
    expect(run(texts, training, batch([1, null], [1, 'c']))).toEqual({ s: [0, 2], s_missing: [1, 0] });
  });

  it.each([
    ['clip without a limit', { step: 'clip' }],
    ['clip whose limits cross', { step: 'clip', lower: 2, upper: 1 }],
    ['winsorise whose shares cross', { step: 'winsorise', lower: 0.9, upper: 0.1 }],
    ['edges that do not ascend', { step: 'bin', by: { edges: [2, 2] } }],
    ['one bin', { step: 'bin', by: { quantiles: 1 } }],
    ['a period of one', { step: 'cyclic', period: 1 }],
    ['a period that is not whole', { step: 'cyclic', period: 2.5 }],
  ])('refuses %s', (_, step) => {
    expect(preprocessingSchema.safeParse([{ ...step, columns: ['x'] }]).success).toBe(false);
  });
});

describe('dateParts', () => {
  const parts = ['year', 'month', 'dayOfMonth', 'dayOfYear', 'weekday', 'hour', 'minute'];

  // pandas: d.dt.year, month, day, dayofyear, weekday, hour, minute
  it.each([
    ['1684-08-01T00:00:00', 1684, 8, 1, 214, 1, 0, 0],
    ['1899-12-31T23:59:59.999999', 1899, 12, 31, 365, 6, 23, 59],
    ['1900-03-01T00:00:00', 1900, 3, 1, 60, 3, 0, 0],
    ['1969-12-31T23:59:59.999999', 1969, 12, 31, 365, 2, 23, 59],
    ['1970-01-01T00:00:00', 1970, 1, 1, 1, 3, 0, 0],
    ['2000-02-29T12:34:56', 2000, 2, 29, 60, 1, 12, 34],
    ['2000-12-31T23:00:00', 2000, 12, 31, 366, 6, 23, 0],
    ['2011-01-01T05:00:00', 2011, 1, 1, 1, 5, 5, 0],
    ['2024-02-29T00:00:00', 2024, 2, 29, 60, 3, 0, 0],
    ['2100-02-28T23:59:59', 2100, 2, 28, 59, 6, 23, 59],
    ['2255-06-05T23:47:34', 2255, 6, 5, 156, 1, 23, 47],
  ])('are those of pandas: %s', (text, ...expected) => {
    const times = batchFromRows([{ at: parseDatetime(text) }], [{ name: 'at', type: 'datetime' }]);
    const found = run([{ step: 'dateParts', columns: ['at'], parts }], times);
    expect(Object.values(found).flat()).toEqual(expected);
    expect(Object.keys(found)).toEqual(parts.map((part) => `at_${part}`));
  });

  it('are refused of what is no time', () => {
    const steps = [{ step: 'dateParts', columns: ['x'], parts: ['hour'] }];
    expect(() => run(steps, training)).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
  });
});

describe('steps that combine and go round', () => {
  const specs: ColumnSpec[] = [
    { name: 'a', type: 'double' },
    { name: 'b', type: 'long' },
  ];
  const rows = batchFromRows(
    [
      { a: 6, b: 3 },
      { a: 1, b: 0 },
      { a: -1, b: -1 },
      { a: 1e300, b: 4 },
    ],
    specs,
  );

  it('divide and multiply, with NULL for what is not finite', () => {
    const fill = (column: string) => ({ step: 'impute', columns: [column], with: { constant: -7 } });
    const ratio = { step: 'ratio', numerator: 'a', denominator: 'b', as: 'r' };
    const product = { step: 'product', columns: ['a', 'a', 'b'], as: 'p' };
    const found = run([ratio, fill('r'), product, fill('p')], rows);
    expect(found['r']).toEqual([2, -7, 1, 2.5e299]);
    expect(found['p']).toEqual([108, 0, -1, -7]);
    expect(() => run([ratio], rows)).toThrow(/"r", row 1.*NULL/);
    expect(() => run([{ ...ratio, as: 'a' }], rows)).toThrow(/"a" comes twice/);
  });

  it('put whole numbers on a circle, negative ones too', () => {
    const found = run([{ step: 'cyclic', columns: ['b'], period: 4 }], rows);
    expect(found['b_sin']).toEqual([Math.sin(1.5 * Math.PI), 0, Math.sin(1.5 * Math.PI), 0]);
    expect(found['b_cos']).toEqual([Math.cos(1.5 * Math.PI), 1, Math.cos(1.5 * Math.PI), 1]);
    const half = batchFromRows([{ a: 0.5, b: 1 }], specs);
    expect(() => run([{ step: 'cyclic', columns: ['a'], period: 4 }], half)).toThrow(
      /"a", row 0.*whole number/,
    );
  });
});
