import type { FeatureMatrix, FittedForest } from '@slipway/models';
import { exportForest, importForest, predictEstimator, type LibraryForest } from '@slipway/models';
import fc from 'fast-check';
import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import type { TrainingRows } from '../estimator-family.ts';
import { estimatorSchema, type RandomForest } from '../estimator-schema.ts';
import { estimateForestBytes } from './check-memory.ts';
import { fitForest, growForest } from './fit-forest.ts';
import { outOfBag } from './out-of-bag.ts';

type Params = Partial<RandomForest['params']>;

function forestOf(seed: number, params: Params): RandomForest {
  return estimatorSchema.parse({ family: 'random-forest', seed, params }) as RandomForest;
}

function matrixOf(rows: readonly (readonly number[])[]): FeatureMatrix {
  const names = rows[0]!.map((_, place) => `x${place}`);
  const columns = names.map((_, place) => Float64Array.from(rows, (row) => row[place]!));
  return { rowCount: rows.length, names, columns };
}

/** The library itself, trained. */
function trainLibrary(
  { seed, params }: RandomForest,
  rows: number[][],
  target: number[],
  noOOB = true,
): RandomForestRegression {
  const { minNumSamples, maxDepth = Infinity, gainThreshold = 0, maxFeatures = 1, ...rest } = params;
  const treeOptions = { minNumSamples, maxDepth, gainThreshold };
  const library = new RandomForestRegression({ ...rest, seed, maxFeatures, treeOptions, noOOB });
  library.train(rows, target);
  return library;
}

const importLibrary = (library: RandomForestRegression, featureCount: number): FittedForest =>
  importForest(library.toJSON() as unknown as LibraryForest, { featureCount });

/** The next double above. */
function oneUlpAbove(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value < 0 ? -1n : 1n));
  return view.getFloat64(0);
}

const smallInteger = fc.integer({ min: 0, max: 4 });
const anyNumber = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const cell = fc.oneof(smallInteger, fc.constantFrom(0, -0, 0.1, 0.2, 0.30000000000000004, 1e9), anyNumber);
const problem = fc
  .record({ rowCount: fc.integer({ min: 1, max: 40 }), columnCount: fc.integer({ min: 2, max: 5 }) })
  .chain(({ rowCount, columnCount }) =>
    fc.record({
      rows: fc.array(fc.array(cell, { minLength: columnCount, maxLength: columnCount }), {
        minLength: rowCount,
        maxLength: rowCount,
      }),
      target: fc.array(fc.oneof(smallInteger, cell), { minLength: rowCount, maxLength: rowCount }),
      seed: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      params: fc.record(
        {
          nEstimators: fc.integer({ min: 1, max: 4 }),
          maxFeatures: fc.constantFrom(0.5, 0.75, 2),
          replacement: fc.boolean(),
          useSampleBagging: fc.boolean(),
          minNumSamples: fc.integer({ min: 1, max: 5 }),
          maxDepth: fc.integer({ min: 0, max: 6 }),
          gainThreshold: fc.constantFrom(0, 0.01, 5),
          maxSamples: fc.constantFrom(0.5, 0.99, 2),
          selectionMethod: fc.constantFrom('mean', 'median'),
        },
        { requiredKeys: ['nEstimators'] },
      ),
    }),
  );

describe('fitForest', () => {
  it('grows the trees of ml-random-forest 2.1.0 bit for bit, and predicts as it does', async () => {
    const property = fc.asyncProperty(problem, async ({ rows, target, seed, params }) => {
      const { maxSamples = rows.length } = params;
      fc.pre(
        Math.floor(maxSamples < 1 ? maxSamples * rows.length : maxSamples) >= 1 && maxSamples <= rows.length,
      );
      const forest = forestOf(seed, params);
      const features = matrixOf(rows);
      const grown = await fitForest(forest, { features, target: Float64Array.from(target) });
      const library = trainLibrary(forest, rows, target);
      expect(grown).toEqual(importLibrary(library, features.columns.length));
      const predicted = [...predictEstimator(grown, features)];
      expect(predicted).toEqual(library.predict(rows));
      const exported = exportForest(grown);
      expect(RandomForestRegression.load(exported as never).predict(rows)).toEqual(predicted);
      expect(importForest(exported, { featureCount: features.columns.length })).toEqual(grown);
    });
    await fc.assert(property, { numRuns: 400, seed: 20_261_124 });
  });

  it('would be told from a forest with one threshold an ulp off', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => [row / 7, (row * 13) % 11]);
    const target = rows.map(([a = 0, b = 0]) => a * b);
    const forest = forestOf(3, { nEstimators: 3 });
    const features = matrixOf(rows);
    const library = importLibrary(trainLibrary(forest, rows, target), 2);
    const node = library.feature.findIndex((feature) => feature >= 0);
    const off = { ...library, value: library.value.slice() };
    off.value[node] = oneUlpAbove(off.value[node]!);
    const grown = await fitForest(forest, { features, target: Float64Array.from(target) });
    expect(grown).toEqual(library);
    expect(grown).not.toEqual(off);
  });

  it('is the library itself when asked for the reference', async () => {
    const rows = Array.from({ length: 60 }, (_, row) => [row % 7, Math.sin(row), -0]);
    const data = { features: matrixOf(rows), target: Float64Array.from(rows, ([a = 0, b = 0]) => a + b) };
    const more = { maxFeatures: 2, gainThreshold: 0.1, maxSamples: 0.7, selectionMethod: 'median' } as const;
    const forest = forestOf(5, { nEstimators: 6, ...more });
    const reference = await fitForest({ ...forest, engine: 'reference' }, data);
    expect(await fitForest(forest, data)).toEqual(reference);
  });

  it('has the out-of-bag predictions of the library', async () => {
    const cells = fc.array(fc.tuple(cell, cell), { minLength: 15, maxLength: 30 });
    const params = fc.constantFrom<Params>({}, { selectionMethod: 'median' }, { maxSamples: 12 });
    await fc.assert(
      fc.asyncProperty(cells, fc.integer({ min: 0, max: 1e6 }), params, async (rows, seed, more) => {
        const target = rows.map(([a, b]) => a - b);
        const forest = forestOf(seed, { nEstimators: 25, ...more });
        const data = { features: matrixOf(rows), target: Float64Array.from(target) };
        const { predictions, rmse } = outOfBag(await fitForest(forest, data), forest, data);
        // The library throws for a row that every tree has seen, and for a tree that has seen every row.
        fc.pre(predictions.every((value) => !Number.isNaN(value)));
        expect([...predictions]).toEqual(
          trainLibrary(forest, rows as number[][], target, false).predictOOB(),
        );
        const errors = [...predictions].map((value, row) => (value - target[row]!) ** 2);
        expect(rmse).toBeCloseTo(Math.sqrt(errors.reduce((sum, value) => sum + value) / errors.length), 6);
      }),
      { numRuns: 40, seed: 11 },
    );
  });

  it('agrees on tied neighbours, duplicated columns and duplicated rows, where sums differ by rounding only', async () => {
    const rows = Array.from({ length: 120 }, (_, row) => [row % 7, (row % 7) / 10, row % 3, (row * 37) % 11]);
    const target = rows.map(([a = 0, , c = 0, d = 0]) => 0.1 * a + 0.2 * c + (d % 2) / 3);
    const forest = forestOf(11, { nEstimators: 8, minNumSamples: 1 });
    const features = matrixOf(rows);
    const grown = await fitForest(forest, { features, target: Float64Array.from(target) });
    expect(grown).toEqual(importLibrary(trainLibrary(forest, rows, target), 4));
  });

  it('reports each tree and stops when its caller does', async () => {
    const features = matrixOf([
      [1, 2],
      [2, 1],
      [3, 5],
      [4, 4],
      [5, 0],
    ]);
    const target = Float64Array.of(1, 2, 3, 4, 5);
    const done: number[] = [];
    const stop = new AbortController();
    const fitted = fitForest(
      forestOf(1, { nEstimators: 5 }),
      { features, target },
      {
        signal: stop.signal,
        onProgress: (progress) => {
          done.push(progress.done);
          if (progress.done === 2) stop.abort();
        },
      },
    );
    await expect(fitted).rejects.toMatchObject({ code: 'aborted' });
    expect(done).toEqual([1, 2]);
  });

  describe('in threads', () => {
    const rowCount = 6_000;
    const columns = Array.from({ length: 8 }, (_, place) =>
      Float64Array.from(
        { length: rowCount },
        (_, row) => Math.sin((row + 1) * (place + 1)) * (place % 3 ? 1 : 0),
      ),
    );
    const features = { rowCount, names: columns.map((_, place) => `x${place}`), columns };
    const target = Float64Array.from({ length: rowCount }, (_, row) => columns[1]![row]! + (row % 5));
    const forest = forestOf(7, { nEstimators: 48, maxFeatures: 0.75, minNumSamples: 1 });

    it('is the same with any number of them', async () => {
      const alone = await fitForest(forest, { features, target });
      for (const workers of [2, 3, 4])
        expect(await fitForest(forest, { features, target }, { workers })).toEqual(alone);
    });

    it('ends with what its caller throws', async () => {
      const onProgress = (): never => {
        throw new Error('the caller');
      };
      for (const workers of [1, 2])
        await expect(fitForest(forest, { features, target }, { workers, onProgress })).rejects.toThrow(
          'the caller',
        );
    });

    it('stops when its caller does, before and in the middle', async () => {
      const stop = new AbortController();
      const done: number[] = [];
      const onProgress = (progress: { done: number }): void => {
        done.push(progress.done);
        if (done.length === 2) stop.abort();
      };
      const options = { workers: 2, signal: stop.signal, onProgress };
      await expect(fitForest(forest, { features, target }, options)).rejects.toMatchObject({
        code: 'aborted',
      });
      expect(done.length).toBeLessThan(48);
      const before = { workers: 2, signal: AbortSignal.abort() };
      await expect(fitForest(forest, { features, target }, before)).rejects.toMatchObject({
        code: 'aborted',
      });
    });
  });

  it('agrees where targets differ in their last digits only', async () => {
    for (const [useSampleBagging, seed] of [true, false].flatMap((bag) =>
      [1, 2, 3, 5].map((n) => [bag, n] as const),
    )) {
      const rows = Array.from({ length: 150 }, (_, row) => [Math.sin(row + seed), row % 9]);
      const target = rows.map((_, row) => ((row * row + seed) % 7 < 3 ? 19.99 : 19.990000000000002));
      for (const gainThreshold of [0, 2e-28, 1e-27, 1e-20]) {
        const forest = forestOf(seed, { nEstimators: 1, minNumSamples: 1, gainThreshold, useSampleBagging });
        const ours = await fitForest(forest, { features: matrixOf(rows), target: Float64Array.from(target) });
        expect(ours).toEqual(importLibrary(trainLibrary(forest, rows, target), 2));
      }
    }
  });

  it('refuses rows that are none, not finite, or whose means overflow', async () => {
    const features = matrixOf([
      [1, 2],
      [2, 1],
      [3, 3],
    ]);
    const refuse = async (data: TrainingRows, message: RegExp): Promise<void> => {
      for (const fit of [fitForest, growForest])
        await expect(fit(forestOf(1, {}), data)).rejects.toMatchObject({
          code: 'fit_failed',
          message: expect.stringMatching(message) as string,
        });
    };
    await refuse({ features, target: Float64Array.of(1, NaN, 3) }, /target has a value that is not finite/);
    await refuse({ features, target: Float64Array.of(1, 2) }, /3 target values/);
    await refuse({ features, target: new Float64Array(3).fill(1.5e308) }, /a number that is not finite/);
    const broken = { ...features, columns: [features.columns[0]!, Float64Array.of(1, NaN, 2)] };
    await refuse({ features: broken, target: Float64Array.of(1, 2, 3) }, /column "x1" has a value/);
    const none = { rowCount: 0, names: ['x0', 'x1'], columns: [new Float64Array(), new Float64Array()] };
    await refuse(
      { features: none, target: new Float64Array() },
      /do not form a training set: expected at least 1 row, received 0/,
    );
    const without = { rowCount: 3, names: [], columns: [] };
    await refuse({ features: without, target: Float64Array.of(1, 2, 3) }, /preprocessing leaves no column/);
  });

  it('takes a number of threads that is none for one', async () => {
    const rows = { features: matrixOf([[1], [2], [3], [4]]), target: Float64Array.of(1, 2, 3, 4) };
    const forest = forestOf(1, { nEstimators: 2 });
    const options = { workers: NaN, memoryBytes: 1e9 };
    expect(await fitForest(forest, rows, options)).toEqual(await fitForest(forest, rows));
  });

  it('refuses what may not fit into memory before it begins, with an estimate', async () => {
    const features = matrixOf(Array.from({ length: 1000 }, (_, row) => [row, row % 7]));
    const data = { features, target: Float64Array.from({ length: 1000 }, (_, row) => row) };
    const forest = forestOf(1, { nEstimators: 5 });
    const needed = estimateForestBytes({ ...forest, rowCount: 1000, featureCount: 2, workers: 1 });
    const refused = fitForest(forest, data, { memoryBytes: needed - 1 });
    await expect(refused).rejects.toMatchObject({ code: 'parameter_invalid' });
    await expect(refused).rejects.toThrow(/5 trees on 1000 rows .* an estimate of 0\.000/);
    expect((await fitForest(forest, data, { memoryBytes: needed })).roots).toHaveLength(5);
    const hundred = { rowCount: 100_000, featureCount: 10, workers: 2 };
    // Measured beside scikit-learn: a peak of 624 MiB, of which Node itself takes 60.
    expect(estimateForestBytes({ ...forestOf(1, { nEstimators: 100 }), ...hundred }) / 2 ** 20).toBeCloseTo(
      450,
      -2,
    );
  });

  it('refuses a number of features that is not there', async () => {
    const data = {
      features: matrixOf([
        [1, 2],
        [2, 1],
      ]),
      target: Float64Array.of(1, 2),
    };
    for (const maxFeatures of [3, 0.1]) {
      const fitted = fitForest(forestOf(1, { maxFeatures }), data);
      await expect(fitted).rejects.toMatchObject({ code: 'parameter_invalid' });
    }
    expect(() => forestOf(1, { maxFeatures: 1 })).toThrow();
  });

  it('refuses a number of rows that is not there', async () => {
    const data = {
      features: matrixOf([
        [1, 2],
        [2, 1],
      ]),
      target: Float64Array.of(1, 2),
    };
    for (const maxSamples of [3, 0.4]) {
      const fitted = fitForest(forestOf(1, { maxSamples }), data);
      await expect(fitted).rejects.toMatchObject({ code: 'parameter_invalid' });
    }
    expect((await fitForest(forestOf(1, { maxSamples: 2 }), data)).roots).toHaveLength(50);
    expect(() => forestOf(1, { maxSamples: 1 })).toThrow();
  });
});
