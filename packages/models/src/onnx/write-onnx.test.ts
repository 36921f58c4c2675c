import {
  batchFromRows,
  pythonTypeOf,
  SlipwayError,
  type CellValue,
  type ModelSignature,
} from '@slipway/contracts';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import type { FittedEstimator, FittedForest } from '../fitted-estimator.ts';
import type { FittedModel } from '../fitted-model.ts';
import type { FittedStep } from '../fitted-step.ts';
import { applyPreprocessing } from '../apply-preprocessing.ts';
import { predictEstimator } from '../predict-estimator.ts';
import { predictModel } from '../predict-model.ts';
import { datePartNames } from '../steps/date-parts.ts';
import { writeOnnx } from './write-onnx.ts';

/** The runtime is ONNX Runtime 1.21, the oldest that reads the file, on one thread. */

type Row = Record<string, CellValue>;
type Input = ModelSignature['inputs'][number];

function column({ name, ...type }: Input, rows: readonly Row[], dims: readonly number[]): Tensor {
  const cells = rows.map((row) => row[name] ?? null);
  switch (pythonTypeOf(type)) {
    case 'string':
      // What ONNX Runtime makes of None in Python.
      return new Tensor(
        'string',
        cells.map((cell) => (cell === null ? 'None' : String(cell))),
        dims,
      );
    case 'boolean':
      return new Tensor('bool', Uint8Array.from(cells, Number), dims);
    case 'long':
      return new Tensor(
        'int64',
        BigInt64Array.from(cells, (cell) => BigInt(Number(cell))),
        dims,
      );
    case 'double':
      return new Tensor(
        'float64',
        Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell))),
        dims,
      );
  }
}

/** Predictions of the written graph, fed as MLflow feeds it; NaN is null. */
async function scoreGraph(model: FittedModel, rows: readonly Row[]): Promise<(number | null)[]> {
  const { inputs, output } = model.signature;
  const session = await InferenceSession.create(writeOnnx(model), { executionProviders: ['wasm'] });
  const dims = inputs.length === 1 ? [rows.length, 1] : [rows.length];
  const feeds = Object.fromEntries(inputs.map((input) => [input.name, column(input, rows, dims)]));
  const result = (await session.run(feeds))[output.name]!;
  await session.release();
  expect(result.dims).toEqual([rows.length]);
  return Array.from(result.data as Float64Array, (value) => (Number.isNaN(value) ? null : value));
}

/** Our predictions, row by row; null where the model refuses the row. */
function predictRows(model: FittedModel, rows: readonly Row[]): (number | null)[] {
  return rows.map((row) => {
    try {
      return predictModel(model, batchFromRows([row], model.signature.inputs))[0]!;
    } catch (error) {
      if (SlipwayError.isInstance(error) && error.code === 'value_unsupported') return null;
      throw error;
    }
  });
}

/** The infinity that a curve comes to, which `predictModel` refuses; null where the curve itself refuses the value. */
function overflowOf(curve: FittedEstimator, value: number | null): number | null {
  if (value === null) return null;
  try {
    const features = { rowCount: 1, names: ['x'], columns: [Float64Array.of(value)] };
    return predictEstimator(curve, features)[0]!;
  } catch (error) {
    if (SlipwayError.isInstance(error) && error.code === 'value_unsupported') return null;
    throw error;
  }
}

function modelOf(
  inputs: readonly Input[],
  preprocessing: readonly FittedStep[],
  estimator: FittedEstimator,
  targetTransform: FittedModel['targetTransform'] = 'none',
): FittedModel {
  const output = { name: 'y', type: 'double' } as const;
  const signature: ModelSignature = { formatVersion: 1, inputs: [...inputs], output };
  return { formatVersion: 1, signature, preprocessing, estimator, targetTransform };
}

type Tree = number | readonly [feature: number, threshold: number, left: Tree, right: Tree];

/** Trees in preorder, as training flattens them. */
function forestOf(featureCount: number, trees: readonly Tree[]): FittedForest {
  const nodes = { feature: [] as number[], value: [] as number[], right: [] as number[] };
  const add = (tree: Tree): void => {
    const node = nodes.feature.length;
    const [feature, value] = typeof tree === 'number' ? [-1, tree] : tree;
    nodes.feature.push(feature);
    nodes.value.push(value);
    nodes.right.push(-1);
    if (typeof tree === 'number') return;
    add(tree[2]);
    nodes.right[node] = nodes.feature.length;
    add(tree[3]);
  };
  const roots = trees.map((tree) => {
    const root = nodes.feature.length;
    add(tree);
    return root;
  });
  return {
    family: 'random-forest',
    featureCount,
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes.feature),
    value: Float64Array.from(nodes.value),
    right: Int32Array.from(nodes.right),
  };
}

const inputs: Input[] = [
  { name: 'x', type: 'double', nullable: true },
  { name: 'z', type: 'double', nullable: false },
  { name: 'count', type: 'long', nullable: false },
  { name: 'flag', type: 'boolean', nullable: false },
  { name: 'time', type: 'datetime', nullable: false },
  { name: 'maybe', type: 'long', nullable: true },
  { name: 's', type: 'string', nullable: true },
];

const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.1, 1, 2, 2.5, 1e-300, 5e-324),
  fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }),
);
const row: fc.Arbitrary<Row> = fc.record({
  x: fc.option(number),
  z: number,
  count: fc.integer({ min: -3, max: 3 }),
  flag: fc.boolean(),
  time: fc.integer({ min: -1e15, max: 2e15 }),
  maybe: fc.option(fc.integer({ min: 1, max: 5 })),
  s: fc.option(fc.constantFrom('a', 'b', 'c', 'unseen')),
});
const rowsArbitrary = fc.array(row, { minLength: 1, maxLength: 40 });

const numberSteps = (name: string): fc.Arbitrary<FittedStep[]> =>
  fc.array(
    fc.oneof(
      fc.constant<FittedStep>({ step: 'log', columns: [name] }),
      fc.constant<FittedStep>({ step: 'log1p', columns: [name] }),
      number.map((value): FittedStep => ({ step: 'impute', fills: [{ column: name, value }] })),
      number.map((lower): FittedStep => ({ step: 'clip', columns: [name], lower })),
      number.map((upper): FittedStep => ({
        step: 'winsorise',
        limits: [{ column: name, lower: -5, upper: Math.max(upper, -5) }],
      })),
      fc
        .uniqueArray(number, { minLength: 1, maxLength: 4, comparator: 'SameValueZero' })
        .map((edges): FittedStep => ({
          step: 'bin',
          bins: [{ column: name, edges: edges.sort((a, b) => a - b) }],
        })),
      fc.constantFrom<FittedStep[]>(
        { step: 'minMax', ranges: [{ column: name, from: -2, to: 2.5 }] },
        { step: 'minMax', ranges: [{ column: name, from: 3, to: 3 }] },
      ),
      fc
        .record({ mean: number, deviation: fc.constantFrom(0, 0.5, 3) })
        .map((scale): FittedStep => ({ step: 'standardise', scales: [{ column: name, ...scale }] })),
    ),
    { maxLength: 4 },
  );

const encodings: fc.Arbitrary<FittedStep> = fc.constantFrom<FittedStep[]>(
  { step: 'ordinal', columns: ['s'], order: ['b', 'a', 'c'], unseen: 'refuse' },
  { step: 'ordinal', columns: ['s'], order: ['a'], unseen: 'after' },
  { step: 'oneHot', encodings: [{ column: 's', base: 'a', categories: ['b', 'c'] }], unseen: 'refuse' },
  { step: 'oneHot', encodings: [{ column: 's', base: 'a', categories: ['b', 'c'] }], unseen: 'ignore' },
  { step: 'oneHot', encodings: [{ column: 's', base: null, categories: ['a', 'b'] }], unseen: 'ignore' },
);
const textFills = fc.constantFrom<FittedStep[][]>(
  [],
  [{ step: 'impute', fills: [{ column: 's', value: 'b', indicator: 's_missing' }] }],
  [{ step: 'impute', fills: [{ column: 's', value: 'unseen' }] }],
);
/** An ordinal NULL may be filled after it was encoded, too. */
const textSteps = fc
  .tuple(textFills, encodings, fc.option(number))
  .map(([fills, encoding, value]): FittedStep[] =>
    encoding.step === 'ordinal' && value !== null
      ? [...fills, encoding, { step: 'impute', fills: [{ column: 's', value }] }]
      : [...fills, encoding],
  );

const fillMaybe: FittedStep = {
  step: 'impute',
  fills: [{ column: 'maybe', value: 2.5, indicator: 'maybe_missing' }],
};

/** Steps that make columns of their own, before the others change what they are made of. */
const newColumns = fc
  .tuple(
    fc.constantFrom<FittedStep[]>(
      { step: 'ratio', numerator: 'x', denominator: 'z', as: 'combined' },
      { step: 'ratio', numerator: 'time', denominator: 'count', as: 'combined' },
      { step: 'product', columns: ['x', 'z', 'maybe'], as: 'combined' },
    ),
    fc.option(number),
    fc.constantFrom<FittedStep[][]>(
      [],
      [{ step: 'cyclic', columns: ['count'], period: 5 }],
      [{ step: 'cyclic', columns: ['count', 'maybe'], period: 24 }],
    ),
    fc.subarray([...datePartNames]),
  )
  .map(([combination, value, circles, parts]) => {
    const fills: FittedStep[] =
      value === null ? [] : [{ step: 'impute', fills: [{ column: 'combined', value }] }];
    const dates: FittedStep[] = parts.length === 0 ? [] : [{ step: 'dateParts', columns: ['time'], parts }];
    return [combination, ...fills, ...circles, ...dates];
  });
const stepsArbitrary = fc
  .tuple(
    fc.oneof(fc.constant([]), newColumns),
    numberSteps('x'),
    numberSteps('z'),
    textSteps,
    fc.constantFrom([fillMaybe], []),
  )
  .map((steps) => steps.flat())
  // A column that went round is there under other names only.
  .map((steps) =>
    steps.some((step) => step.step === 'cyclic' && step.columns.includes('maybe'))
      ? steps.filter((step) => step !== fillMaybe)
      : steps,
  );

/** Feature values of every row that can be preprocessed: the thresholds that a training run would find. */
function featureValues(steps: readonly FittedStep[], rows: readonly Row[]): number[][] {
  const matrices = rows.flatMap((cells) => {
    try {
      return [applyPreprocessing(steps, batchFromRows([cells], inputs))];
    } catch {
      return [];
    }
  });
  return (matrices[0]?.columns ?? []).map((_, place) => matrices.map(({ columns }) => columns[place]![0]!));
}

function treeOf(values: readonly number[][], depth: number): fc.Arbitrary<Tree> {
  const leaf = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 7);
  if (depth === 0) return leaf;
  const below = treeOf(values, depth - 1);
  const split = fc
    .nat(values.length - 1)
    .chain((feature) => fc.tuple(fc.constant(feature), fc.constantFrom(...values[feature]!), below, below));
  return fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 4, arbitrary: split });
}

describe('the graph predicts what predictModel predicts', () => {
  it.each([undefined, 'median'] as const)(
    'bit for bit for forests (%s): ties, thresholds on values behind logarithms, NULL, unseen categories',
    async (selectionMethod) => {
      const ofMethod = selectionMethod === undefined ? {} : { selectionMethod };
      const forests = fc
        .tuple(stepsArbitrary, rowsArbitrary)
        .map(([steps, rows]) => ({ steps, rows, values: featureValues(steps, rows) }))
        .filter(({ values }) => values.length > 0)
        .chain(({ steps, rows, values }) =>
          fc.array(treeOf(values, 4), { minLength: 1, maxLength: 7 }).map((trees) => ({
            rows,
            model: modelOf(inputs, steps, { ...forestOf(values.length, trees), ...ofMethod }),
          })),
        );
      await fc.assert(
        fc.asyncProperty(forests, async ({ rows, model }) => {
          expect(await scoreGraph(model, rows)).toEqual(predictRows(model, rows));
        }),
        { numRuns: 120 },
      );
    },
    60_000,
  );

  const plainInputs = inputs.filter(({ name }) => name !== 's');
  const coefficients = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
    minLength: 9,
    maxLength: 9,
  });
  const exactSteps: FittedStep[] = [
    { step: 'impute', fills: [{ column: 'maybe', value: 2.5 }] },
    { step: 'standardise', scales: [{ column: 'z', mean: 0.3, deviation: 7 }] },
    { step: 'standardise', scales: [{ column: 'x', mean: 1e-50, deviation: 1 + 1e-9 }] },
    { step: 'standardise', scales: [{ column: 'maybe', mean: 3, deviation: 0 }] },
  ];
  /** Steps that a forest needs no nodes for. */
  const moreSteps: FittedStep[] = [
    { step: 'product', columns: ['x', 'z'], as: 'combined' },
    { step: 'impute', fills: [{ column: 'combined', value: 1, indicator: 'was_infinite' }] },
    { step: 'clip', columns: ['z'], lower: -1, upper: 2 },
    { step: 'bin', bins: [{ column: 'count', edges: [-1, 0, 2] }] },
    { step: 'winsorise', limits: [{ column: 'time', lower: -3e14, upper: 1e14 }] },
    { step: 'impute', fills: [{ column: 'x', value: 0.5, indicator: 'x_missing' }] },
  ];

  it('bit for bit for linear models, which add up in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(coefficients, rowsArbitrary, async (weights, rows) => {
        const linear = { family: 'linear', intercept: weights[0]!, coefficients: weights } as const;
        const model = modelOf(plainInputs, [...exactSteps, ...moreSteps], linear);
        expect(await scoreGraph(model, rows)).toEqual(predictRows(model, rows));
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('to 1e-12 for linear models of logarithms, whose last bits are not ours', async () => {
    const priced: Input[] = [
      { name: 'carat', type: 'double', nullable: false },
      { name: 's', type: 'string', nullable: false },
    ];
    const model = modelOf(
      priced,
      [
        { step: 'log', columns: ['carat'] },
        { step: 'oneHot', encodings: [{ column: 's', base: 'a', categories: ['b', 'c'] }], unseen: 'ignore' },
      ],
      { family: 'linear', intercept: 8, coefficients: [1.7, 0.1, -0.3] },
      'log',
    );
    const carats = [0.2, 0.23, 1, 2.01, 5, 0, -1, null, 1e-30];
    const rows = carats.flatMap((carat) => ['a', 'b', 'zzz', null].map((s) => ({ carat, s })));
    const [theirs, ours] = [await scoreGraph(model, rows), predictRows(model, rows)];
    ours.forEach((value, row) => {
      if (value === null) expect(theirs[row]).toBeNull();
      else expect(Math.abs(theirs[row]! / value - 1)).toBeLessThan(1e-12);
    });
    expect(ours.filter((value) => value === null)).toHaveLength(3 * 4 + 6);
  });

  it('for a text that was NULL', async () => {
    const model = modelOf(
      [{ name: 's', type: 'string', nullable: true }],
      [
        { step: 'impute', fills: [{ column: 's', value: 'b', indicator: 's_missing' }] },
        { step: 'ordinal', columns: ['s'], order: ['a', 'b'], unseen: 'after' },
      ],
      { family: 'linear', intercept: 0, coefficients: [1, 10] },
    );
    const rows = ['a', null, 'b', 'c'].map((s) => ({ s }));
    expect(await scoreGraph(model, rows)).toEqual([0, 11, 1, 2]);
    expect(predictRows(model, rows)).toEqual([0, 11, 1, 2]);
  });

  it('to 1e-12 for log1p, near 0 too, and not for a forest on a product of it', async () => {
    const one: Input[] = [{ name: 'v', type: 'double', nullable: false }];
    const logged: FittedStep[] = [{ step: 'log1p', columns: ['v'] }];
    const model = modelOf(one, logged, { family: 'linear', intercept: 0, coefficients: [1] });
    const rows = [0, 1e-20, -1e-9, 7e-8, 0.5, -0.5, 1e6, -1, -2].map((v) => ({ v }));
    const [theirs, ours] = [await scoreGraph(model, rows), predictRows(model, rows)];
    expect(ours.slice(-2)).toEqual([null, null]);
    ours.forEach((value, row) => {
      if (value === null || value === 0) expect(theirs[row]).toBe(value);
      else expect(Math.abs(theirs[row]! / value - 1)).toBeLessThan(1e-12);
    });
    const squared: FittedStep[] = [...logged, { step: 'product', columns: ['v', 'v'], as: 'w' }];
    expect(() => writeOnnx(modelOf(one, squared, forestOf(2, [[1, 0.25, 1, 2]])))).toThrow(
      expect.objectContaining({
        code: 'parameter_invalid',
        message: expect.stringMatching(/"log1p" of "v"/) as string,
      }),
    );
  });

  it.each(['log', 'log1p'] as const)(
    'for bins whose edges are the %s of values, not those beside them',
    async (step) => {
      const one: Input[] = [{ name: 'v', type: 'double', nullable: false }];
      const values = Array.from({ length: 400 }, (_, place) => 0.05 + 0.07 * place);
      const binned = (before: FittedStep[], column = 'v', edges = values.map(Math[step])): FittedStep[] => [
        ...before,
        { step: 'bin', bins: [{ column, edges }] },
      ];
      const logged: FittedStep[] = [{ step, columns: ['v'] }];
      const linear: FittedEstimator = { family: 'linear', intercept: 0, coefficients: [1] };
      const rows = values.map((v) => ({ v }));
      for (const model of [
        modelOf(one, binned(logged), linear),
        modelOf(one, [...binned(logged), { step: 'clip', columns: ['v'], upper: 300 }], linear),
      ])
        expect(await scoreGraph(model, rows)).toEqual(predictRows(model, rows));
      const round: FittedStep[] = [...binned(logged), { step: 'cyclic', columns: ['v'], period: 500 }];
      const forest = modelOf(one, round, forestOf(2, [[0, 0.5, 1, [1, 0.25, 2, 3]]]));
      expect(await scoreGraph(forest, rows)).toEqual(predictRows(forest, rows));

      const ratio: FittedStep = { step: 'ratio', numerator: 'v', denominator: 'v', as: 'w' };
      const ofRatio: FittedStep[] = [...binned([...logged, ratio], 'w'), { step: 'drop', columns: ['v'] }];
      expect(() => writeOnnx(modelOf(one, ofRatio, linear))).toThrow(/Bins of the column "w"/);
    },
  );

  const x: Input[] = [{ name: 'x', type: 'double', nullable: true }];
  const coefficient = fc.oneof(
    fc.constantFrom(0, 1, -0, 1 + 1e-9),
    fc.double({ min: -9, max: 9, noNaN: true }),
  );
  const xRows = fc.array(fc.record({ x: fc.option(number) }), { minLength: 1, maxLength: 20 });

  it('bit for bit for polynomials and lines of one column', async () => {
    const polynomials = fc.record({
      family: fc.constantFrom('polynomial' as const, 'robust-polynomial' as const),
      centre: coefficient,
      spread: fc.constantFrom(1, 0.3, 1 + 1e-9, 1e6),
      coefficients: fc.array(coefficient, { minLength: 2, maxLength: 13 }),
    });
    const lines = fc.record({
      family: fc.constant('theil-sen' as const),
      slope: coefficient,
      intercept: coefficient,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(polynomials, lines), xRows, async (curve, rows) => {
        const model = modelOf(x, [], curve);
        expect(await scoreGraph(model, rows)).toEqual(predictRows(model, rows));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('to 1e-12 for powers and exponentials, refusing what a power refuses', async () => {
    const rows = [null, 0, -0, -1, 5e-324, 0.1, 1, 2.5, 1e3].map((value) => ({ x: value }));
    const curves: FittedEstimator[] = [
      ...[2, -1.7, 0.5, 3].map((exponent) => ({ family: 'power', factor: 1.3, exponent }) as const),
      ...[0.01, -0.3, 1].map((rate) => ({ family: 'exponential', factor: -2, rate }) as const),
    ];
    for (const curve of curves) {
      const model = modelOf(x, [], curve);
      const [theirs, ours] = [await scoreGraph(model, rows), predictRows(model, rows)];
      ours.forEach((value, row) => {
        if (value === null) expect(theirs[row]).toBe(overflowOf(curve, rows[row]!.x));
        else if (value === 0) expect(theirs[row]).toBe(value);
        else expect(Math.abs(theirs[row]! / value - 1)).toBeLessThan(1e-12);
      });
    }
  });

  it('for the mean, which takes no column and still refuses what the steps refuse', async () => {
    const model = modelOf(inputs, [{ step: 'drop', columns: ['s'] }, ...exactSteps], {
      family: 'mean',
      mean: 4,
    });
    const row = { x: 1, z: 2, count: 1, flag: true, time: 0, maybe: 1 };
    expect(await scoreGraph(model, [row, { ...row, x: null }, { ...row, maybe: null }])).toEqual([
      4,
      null,
      4,
    ]);
  });

  it.each<[string, Input, FittedStep[], CellValue[]]>([
    ['double', { name: 'v', type: 'double', nullable: false }, [], [1.5, null, -2]],
    ['long', { name: 'v', type: 'long', nullable: false }, [], [1, 3, -(2 ** 53 - 1)]],
    ['boolean', { name: 'v', type: 'boolean', nullable: false }, [], [true, false]],
    ['datetime', { name: 'v', type: 'datetime', nullable: false }, [], [0, 1.7e15]],
    [
      'string',
      { name: 'v', type: 'string', nullable: false },
      [{ step: 'ordinal', columns: ['v'], order: ['a', 'ä', '日本'], unseen: 'refuse' }],
      ['ä', '日本', 'a', null, 'nothing'],
    ],
  ])('for a single input of type %s, which MLflow feeds as [N, 1]', async (_, input, steps, values) => {
    const model = modelOf([input], steps, { family: 'linear', intercept: 1, coefficients: [3] });
    const rows = values.map((v) => ({ v }));
    expect(await scoreGraph(model, rows)).toEqual(predictRows(model, rows));
  });

  it('for no rows at all', async () => {
    const model = modelOf(plainInputs, [], forestOf(6, [[1, 2, 3, 4], 7]));
    expect(await scoreGraph(model, [])).toEqual([]);
  });

  it('for roots with one leaf, alone, first and later, which ONNX Runtime 1.21 numbers wrongly', async () => {
    const trees: Tree[] = [[0, 2, 1, 2], 7, [0, 2, 5, [0, 4, 6, 8]], [0, 4, [0, 2, 9, 10], 11], 12];
    const one: Input[] = [
      { name: 'x', type: 'double', nullable: false },
      { name: 'z', type: 'double', nullable: false },
    ];
    const rows = [1, 2, 3, 4].map((x) => ({ x, z: 0 }));
    const orders = [[0], [1], [2], [3], [0, 2], [0, 1], [1, 2], [2, 3], [3, 2], [1, 0, 4, 2, 3]];
    for (const order of orders) {
      const model = modelOf(
        one,
        [],
        forestOf(
          2,
          order.map((place) => trees[place]!),
        ),
      );
      expect(await scoreGraph(model, rows)).toEqual(predictRows(model, rows));
    }
  });

  it('but infinity, which serving refuses at the door, gives NaN', async () => {
    const model = modelOf(plainInputs, exactSteps, { family: 'mean', mean: 4 });
    const row = { x: 1, z: 2, count: 1, flag: true, time: 0, maybe: 1 };
    expect(await scoreGraph(model, [row, { ...row, z: -Infinity }])).toEqual([4, null]);
  });
});

describe('writeOnnx', () => {
  const text: Input[] = [{ name: 's', type: 'string', nullable: false }];
  const linear = { family: 'linear', intercept: 1, coefficients: [3] } as const;

  it('refuses a model that takes no column', () => {
    const act = () => writeOnnx(modelOf([], [], { family: 'mean', mean: 1 }));
    expect(act).toThrowError(expect.objectContaining({ code: 'schema_mismatch' }));
  });

  it('gives equal bytes for equal models', () => {
    const write = (): Uint8Array =>
      writeOnnx(modelOf(inputs.slice(0, 6), [], forestOf(6, [[1, 2, 3, 4], 7])));
    expect(write()).toEqual(write());
  });

  it('takes trees of 1,000 levels and refuses deeper ones', () => {
    const chain = (levels: number): FittedModel => {
      let tree: Tree = 1;
      for (let level = 1; level < levels; level += 1) tree = [0, level, 0, tree];
      return modelOf([{ name: 'x', type: 'double', nullable: false }], [], forestOf(1, [tree]));
    };
    expect(writeOnnx(chain(1_000)).length).toBeGreaterThan(0);
    expect(() => writeOnnx(chain(1_001))).toThrow(
      expect.objectContaining({
        code: 'parameter_invalid',
        message: expect.stringMatching(/maxDepth/) as string,
      }),
    );
  });

  it.each(['None', 'nan', '<NA>'])('refuses a category that looks like NULL in Python: %s', (category) => {
    const ordinal: FittedStep = { step: 'ordinal', columns: ['s'], order: ['a', category], unseen: 'refuse' };
    expect(() => writeOnnx(modelOf(text, [ordinal], linear))).toThrow(
      expect.objectContaining({ code: 'parameter_invalid', message: expect.stringMatching(/"s"/) as string }),
    );
  });

  it.each<[string, FittedModel]>([
    ['text that no step encodes', modelOf(text, [], linear)],
    ['a step on a column that is not there', modelOf(text, [{ step: 'log', columns: ['t'] }], linear)],
    ['a logarithm of text', modelOf(text, [{ step: 'log', columns: ['s'] }], linear)],
    ['another number of columns', modelOf(inputs.slice(0, 2), [], linear)],
    [
      'an input with the name of the output',
      modelOf([{ name: 'y', type: 'double', nullable: false }], [], linear),
    ],
  ])('refuses %s', (_, model) => {
    expect(() => writeOnnx(model)).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
  });
});
