import { batchFromRows, type ColumnBatch } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { drawFrom, gridOf, searchSpaceSchema, withOverrides } from './search-space.ts';
import { kFold } from './folds.ts';
import type { Trial } from './run-trial.ts';
import { tune, type TuningOptions } from './tune.ts';

const rows = Array.from({ length: 120 }, (_, row) => ({
  a: (row * 37) % 101,
  b: (row * 53) % 89,
  noise: (row * 71) % 97,
}));
const columns: ColumnBatch = batchFromRows(rows, [
  { name: 'a', type: 'double' },
  { name: 'b', type: 'double' },
  { name: 'noise', type: 'double' },
]);
const target = Float64Array.from(rows, ({ a, b }) => 3 * a - b + 7);

const options = (change: Partial<TuningOptions>): TuningOptions => ({
  start: { features: ['a', 'b'], preprocessing: [], estimator: { family: 'mean' } },
  candidates: [],
  columns,
  target,
  folds: kFold(120, { folds: 4, seed: 1 }),
  ...change,
});

describe('a search space', () => {
  const space = searchSpaceSchema.parse({
    'estimator.params.maxDepth': [2, 4],
    'estimator.params.minNumSamples': [1, 3, 9],
  });

  it('as a grid has every combination once', () => {
    const grid = gridOf(space);
    expect(grid).toHaveLength(6);
    expect(grid.slice(0, 2)).toEqual([
      { 'estimator.params.maxDepth': 2, 'estimator.params.minNumSamples': 1 },
      { 'estimator.params.maxDepth': 2, 'estimator.params.minNumSamples': 3 },
    ]);
    expect(() => gridOf(searchSpaceSchema.parse({ x: { from: 0, to: 1 } }))).toThrow(/"x", and has a range/);
  });

  it('as a grid is refused before memory runs out', () => {
    const values = Array.from({ length: 60 }, (_, place) => place);
    const paths = ['a', 'b', 'c', 'd', 'e'].map((path) => [path, values]);
    const act = () => gridOf(searchSpaceSchema.parse(Object.fromEntries(paths)));
    expect(act).toThrowError(/too many combinations: expected at most 100000, received 777600000/);
    expect(act).toThrowError(expect.objectContaining({ code: 'parameter_invalid' }));
  });

  it('at random draws within its ranges, none twice, the same for the same seed', () => {
    const ranges = searchSpaceSchema.parse({
      x: { from: 0.001, to: 10, scale: 'log' },
      n: { from: 2, to: 5, integer: true },
      kind: ['p', 'q'],
    });
    const drawn = drawFrom(ranges, { trials: 200, seed: 3 }) as { x: number; n: number; kind: string }[];
    expect(drawn).toEqual(drawFrom(ranges, { trials: 200, seed: 3 }));
    expect(drawn).not.toEqual(drawFrom(ranges, { trials: 200, seed: 4 }));
    expect(drawn.every(({ x }) => x >= 0.001 && x <= 10)).toBe(true);
    expect(new Set(drawn.map(({ n }) => n))).toEqual(new Set([2, 3, 4, 5]));
    // On a log scale a quarter of the draws lies in each power of ten.
    const small = drawn.filter(({ x }) => x < 0.01).length;
    expect(small).toBeGreaterThan(30);
    expect(small).toBeLessThan(70);
    expect(drawFrom(space, { trials: 50, seed: 1 })).toHaveLength(6);
  });

  it('at random ends when it has drawn all that there is', () => {
    const small = searchSpaceSchema.parse({ n: { from: 2, to: 5, integer: true }, kind: ['p', 'q', 'q'] });
    // To draw on as long as so many trials allow would never end.
    expect(drawFrom(small, { trials: Number.MAX_SAFE_INTEGER, seed: 3 })).toHaveLength(8);
  });

  it.each([
    [{}],
    [{ x: [] }],
    [{ x: { from: 2, to: 1 } }],
    [{ x: { from: 0, to: 1, scale: 'log' } }],
    [{ '': [1] }],
    [{ x: { from: 1, to: 9.5, integer: true } }],
    [{ x: { from: 0.5, to: 9, integer: true } }],
  ])('%j is refused', (wrong) => {
    expect(searchSpaceSchema.safeParse(wrong).success).toBe(false);
  });

  it('replaces values at their paths in a copy', () => {
    const before = { estimator: { params: { a: 1 } }, preprocessing: [{ with: 'mean' }] };
    const after = withOverrides(before, { 'estimator.params.a': 2, 'preprocessing.0.with': 'median' });
    expect(after).toEqual({ estimator: { params: { a: 2 } }, preprocessing: [{ with: 'median' }] });
    expect(before.estimator.params.a).toBe(1);
    expect(withOverrides(before, { 'estimator.params.a': null }).estimator).toEqual({ params: {} });
    const steps = { preprocessing: [{ step: 'a' }, { step: 'b', with: 'mean' }, { step: 'c' }] };
    expect(withOverrides(steps, { 'preprocessing.0': null, 'preprocessing.1.with': 'median' })).toEqual({
      preprocessing: [{ step: 'b', with: 'median' }, { step: 'c' }],
    });
    expect(() => withOverrides(before, { 'estimater.params.a': 2 })).toThrow(/changes "estimater.params.a"/);
  });

  it.each(['estimator.__proto__.a', 'estimator.constructor.prototype.a', 'preprocessing.map.a', '__proto__'])(
    'does not change what all objects share, by the path %s',
    (path) => {
      const before = { preprocessing: [], estimator: { params: {} } };
      const act = (): unknown => withOverrides(before, { [path]: { a: 1 } });
      expect(act).toThrowError(expect.objectContaining({ code: 'parameter_invalid' }));
      expect('a' in {}).toBe(false);
      expect('a' in [].map).toBe(false);
    },
  );

  it.each(['gate.threshold', 'estimator.params.maxDepth'])('says where a search cannot change %s', (path) => {
    const before = { estimator: { family: 'linear' } };
    expect(() => withOverrides(before, { [path]: 3 })).toThrow(
      `changes "${path}", and what it may change has nothing there: expected a path that begins with estimator`,
    );
  });
});

describe('tune', () => {
  it('finds the configuration that made the data, and reports every trial', async () => {
    const seen: Trial[] = [];
    const { trials, start, best, improved } = await tune(
      options({
        candidates: [
          { features: ['noise'], 'estimator.family': 'linear' },
          { 'estimator.family': 'linear' },
          { features: ['a'], 'estimator.family': 'linear' },
        ],
        onTrial: (trial) => void seen.push(trial),
      }),
    );
    expect(trials).toEqual(seen);
    expect(trials.map(({ number }) => number)).toEqual([0, 1, 2, 3]);
    expect({ best: best.number, improved }).toEqual({ best: 2, improved: true });
    expect(best.result!.scores).toHaveLength(4);
    expect(best.result!.mean).toBeLessThan(1e-9);
    expect(start.result!.mean).toBeGreaterThan(50);
  });

  it('says that it could not improve', async () => {
    const start = { features: ['a', 'b'], preprocessing: [], estimator: { family: 'linear' } };
    const { best, improved } = await tune(
      options({ start, candidates: [{ 'estimator.family': 'mean' }, { features: ['noise'] }] }),
    );
    expect({ best: best.number, improved }).toEqual({ best: 0, improved: false });
  });

  it('keeps a candidate that cannot be fitted as a trial with its reason', async () => {
    const { trials, best } = await tune(
      options({
        candidates: [
          { features: ['a', 'a2'] },
          { 'estimator.family': 'forest' },
          { 'estimator.family': 'linear' },
          { features: 'a' },
          { targetTransform: 'root' },
          { maxDepth: 3 },
        ],
      }),
    );
    expect(trials[1]).toMatchObject({ result: null, failure: { code: 'schema_mismatch' } });
    expect(trials[2]).toMatchObject({ result: null, failure: { code: 'configuration_invalid' } });
    expect(best.number).toBe(3);
    for (const number of [4, 5, 6])
      expect(trials[number]).toMatchObject({ result: null, failure: { code: 'configuration_invalid' } });
    await expect(
      tune(options({ start: { features: ['x'], preprocessing: [], estimator: { family: 'mean' } } })),
    ).rejects.toMatchObject({
      code: 'schema_mismatch',
    });
  });

  it('by halving fits all on few rows and the best on all of them', async () => {
    const depths = Array.from({ length: 9 }, (_, depth) => ({ 'estimator.params.maxDepth': depth }));
    const forest = { family: 'random-forest', seed: 1, params: { nEstimators: 8 } };
    const { trials, best } = await tune(
      options({
        start: { features: ['a', 'b'], preprocessing: [], estimator: forest },
        candidates: depths,
        strategy: 'halving',
      }),
    );
    expect(trials.map(({ share }) => Math.round(share * 9))).toEqual([
      9,
      ...Array<number>(9).fill(3),
      9,
      9,
      9,
    ]);
    expect(best.share).toBe(1);
    const few = await tune(options({ candidates: [{ 'estimator.family': 'linear' }], strategy: 'halving' }));
    expect(few.trials.map(({ share }) => share)).toEqual([1, 1]);
  });

  it('makes all trials where the number of threads is none', async () => {
    const candidates = [{ 'estimator.family': 'linear' }, { 'estimator.family': 'mean' }];
    const { trials, best } = await tune(options({ candidates, workers: NaN }));
    expect(trials).toHaveLength(3);
    expect(best.number).toBe(1);
  });

  it('is the same with trials side by side in threads', async () => {
    const forest = { family: 'random-forest', seed: 1, params: { nEstimators: 5 } };
    const search = {
      start: { features: ['a', 'b'], preprocessing: [], estimator: forest },
      candidates: [
        ...[1, 2, 3, 4, 5].map((depth) => ({ 'estimator.params.maxDepth': depth })),
        { features: ['a2'] },
        { split: 'another' },
      ],
      strategy: 'halving',
    } as const;
    const seen: number[] = [];
    const inThreads = await tune(
      options({ ...search, workers: 3, onTrial: ({ number }) => void seen.push(number) }),
    );
    expect(inThreads).toEqual(await tune(options(search)));
    expect(seen.toSorted()).toEqual(inThreads.trials.map(({ number }) => number).toSorted());
    expect(inThreads.trials.find(({ number }) => number === 6)).toMatchObject({
      failure: { code: 'schema_mismatch' },
    });
  });

  it('takes the folds of another split, and lets it win nothing', async () => {
    const start = { features: ['a'], preprocessing: [], estimator: { family: 'linear' }, split: 4 };
    const folds: TuningOptions['folds'] = ({ split }) => kFold(120, { folds: Number(split), seed: 1 });
    const { trials, best } = await tune(
      options({
        start,
        folds,
        candidates: [{ split: 2, features: ['a', 'b'] }, { split: 121 }, { split: '4' }],
      }),
    );
    expect(trials.map(({ result }) => result?.scores.length)).toEqual([4, 2, undefined, 4]);
    // The last is written in another way, and holds out the same rows.
    expect(trials.map(({ keepsSplit }) => keepsSplit)).toEqual([true, false, false, true]);
    expect(trials[1]!.result!.mean).toBeLessThan(1e-9);
    expect(trials[2]).toMatchObject({ failure: { code: 'parameter_invalid' } });
    expect(best.number).toBe(0);
  });

  it('reports as many trials as there are', async () => {
    for (const [candidates, strategy] of [
      [[], 'all'],
      [[], 'halving'],
      [[{ features: ['a'] }], 'halving'],
    ] as const) {
      const totals: number[] = [];
      const { trials } = await tune(
        options({ candidates, strategy, onTrial: (_, total) => void totals.push(total) }),
      );
      expect(totals).toEqual(trials.map(() => trials.length));
    }
  });

  it.each([1, 2])('ends all trials when one cannot be kept, with %i threads', async (workers) => {
    const candidates = Array.from({ length: 30 }, (_, depth) => ({ 'estimator.params.maxDepth': depth }));
    const forest = { family: 'random-forest', seed: 1, params: { nEstimators: 3 } };
    let [kept, running] = [0, 0];
    const onTrial = async ({ number }: Trial): Promise<void> => {
      running += 1;
      await Promise.resolve();
      running -= 1;
      kept += 1;
      if (number === 4) throw new Error('the registry is away');
    };
    const start = { features: ['a', 'b'], preprocessing: [], estimator: forest };
    await expect(tune(options({ start, candidates, workers, onTrial }))).rejects.toThrow(
      'the registry is away',
    );
    expect(running).toBe(0);
    const before = kept;
    await new Promise(setImmediate);
    expect(kept).toBe(before);
    expect(kept).toBeLessThan(10);
  });

  it.each([1, 2])('ends with its caller, with %i threads', async (workers) => {
    const candidates = [{ 'estimator.family': 'linear' }, { features: ['a'] }, { features: ['b'] }];
    const before = tune(options({ candidates, workers, signal: AbortSignal.abort() }));
    await expect(before).rejects.toMatchObject({ code: 'aborted' });
    const ending = new AbortController();
    const onTrial = ({ number }: Trial): void => {
      if (number > 0) ending.abort();
    };
    const amid = tune(options({ candidates, workers, signal: ending.signal, onTrial }));
    await expect(amid).rejects.toMatchObject({ code: 'aborted' });
  });
});
