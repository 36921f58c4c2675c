import type { FeatureMatrix, FittedForest } from '@slipway/models';
import { predictEstimator } from '@slipway/models';
import fc from 'fast-check';
import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import { estimatorSchema, type RandomForest } from '../estimator-schema.ts';
import { fitForest } from './fit-forest.ts';

type Params = Partial<RandomForest['params']>;

/** A node of ml-cart, which its types leave out. */
interface LibraryNode {
  readonly splitColumn?: number;
  readonly splitValue?: number;
  readonly distribution?: number;
  readonly left?: LibraryNode;
  readonly right?: LibraryNode;
}

function forestOf(seed: number, params: Params): RandomForest {
  return estimatorSchema.parse({ family: 'random-forest', seed, params }) as RandomForest;
}

function matrixOf(rows: readonly (readonly number[])[]): FeatureMatrix {
  const names = rows[0]!.map((_, place) => `x${place}`);
  const columns = names.map((_, place) => Float64Array.from(rows, (row) => row[place]!));
  return { rowCount: rows.length, names, columns };
}

/** The trees of ml-random-forest 2.1.0 in our flat form. */
function fitLibrary(
  { seed, params }: RandomForest,
  rows: number[][],
  target: number[],
): Pick<FittedForest, 'roots' | 'feature' | 'value' | 'right'> {
  const { minNumSamples, maxDepth = Infinity, nEstimators, maxFeatures, ...rest } = params;
  const treeOptions = { minNumSamples, maxDepth };
  const options = { ...rest, seed, nEstimators, treeOptions, maxFeatures: maxFeatures ?? 1, noOOB: true };
  const library = new RandomForestRegression(options);
  library.train(rows, target);
  const flat = {
    roots: [] as number[],
    feature: [] as number[],
    value: [] as number[],
    right: [] as number[],
  };
  const { estimators, indexes } = library as unknown as {
    estimators: readonly { root: LibraryNode }[];
    indexes: readonly (readonly number[])[];
  };
  estimators.forEach(({ root }, tree) => {
    flat.roots.push(flat.feature.length);
    flatten(root, indexes[tree]!, flat);
  });
  return {
    roots: Int32Array.from(flat.roots),
    feature: Int32Array.from(flat.feature),
    value: Float64Array.from(flat.value),
    right: Int32Array.from(flat.right),
  };
}

function flatten(
  node: LibraryNode,
  used: readonly number[],
  flat: { feature: number[]; value: number[]; right: number[] },
): void {
  const index = flat.feature.length;
  const isLeaf = node.left === undefined || node.right === undefined;
  flat.feature.push(isLeaf ? -1 : used[node.splitColumn!]!);
  flat.value.push(isLeaf ? node.distribution! : node.splitValue!);
  flat.right.push(-1);
  if (isLeaf) return;
  flatten(node.left!, used, flat);
  flat.right[index] = flat.feature.length;
  flatten(node.right!, used, flat);
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
        },
        { requiredKeys: ['nEstimators'] },
      ),
    }),
  );

describe('fitForest', () => {
  it('grows the trees of ml-random-forest 2.1.0 bit for bit', async () => {
    const property = fc.asyncProperty(problem, async ({ rows, target, seed, params }) => {
      const forest = forestOf(seed, params);
      const { roots, feature, value, right } = await fitForest(forest, {
        features: matrixOf(rows),
        target: Float64Array.from(target),
      });
      expect({ roots, feature, value, right }).toEqual(fitLibrary(forest, rows, target));
    });
    await fc.assert(property, { numRuns: 400, seed: 20_261_124 });
  });

  it('agrees on tied neighbours, duplicated columns and duplicated rows, where sums differ by rounding only', async () => {
    const rows = Array.from({ length: 120 }, (_, row) => [row % 7, (row % 7) / 10, row % 3, (row * 37) % 11]);
    const target = rows.map(([a = 0, , c = 0, d = 0]) => 0.1 * a + 0.2 * c + (d % 2) / 3);
    const forest = forestOf(11, { nEstimators: 8, minNumSamples: 1 });
    const features = matrixOf(rows);
    const grown = await fitForest(forest, { features, target: Float64Array.from(target) });
    expect(grown).toMatchObject(fitLibrary(forest, rows, target));
    const library = new RandomForestRegression({
      seed: 11,
      nEstimators: 8,
      noOOB: true,
      treeOptions: { minNumSamples: 1 },
    });
    library.train(rows, target);
    expect([...predictEstimator(grown, features)]).toEqual(library.predict(rows));
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
});
