import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupFolds, kFold, timeFolds, type Fold } from './folds.ts';

const lists = (folds: readonly Fold[]): [number[], number[]][] =>
  folds.map(({ train, validation }) => [[...train], [...validation]]);

/** Every row is scored once, and learnt from in every other fold. */
function expectPartition(folds: readonly Fold[], rowCount: number): void {
  const scored = folds.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b);
  expect(scored).toEqual(Array.from({ length: rowCount }, (_, row) => row));
  for (const { train, validation } of folds) expect(new Set([...train, ...validation]).size).toBe(rowCount);
}

describe('kFold', () => {
  it('scores every row once, in parts that differ by a row at most, the same for the same seed', () => {
    const sizes = fc.record({
      rowCount: fc.integer({ min: 2, max: 60 }),
      seed: fc.integer({ min: 0, max: 1e6 }),
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 2, max: 8 }), ({ rowCount, seed }, wanted) => {
        const folds = Math.min(wanted, rowCount);
        const made = kFold(rowCount, { folds, seed });
        expectPartition(made, rowCount);
        // sklearn.model_selection.KFold: the first rowCount % folds parts have one row more.
        const larger = rowCount % folds;
        expect(made.map(({ validation }) => validation.length)).toEqual(
          made.map((_, part) => Math.floor(rowCount / folds) + (part < larger ? 1 : 0)),
        );
        expect(kFold(rowCount, { folds, seed })).toEqual(made);
      }),
    );
    expect(kFold(30, { folds: 3, seed: 1 })).not.toEqual(kFold(30, { folds: 3, seed: 2 }));
  });

  it.each([1, 0, 2.5, 6])('refuses %s folds of five rows', (folds) => {
    expect(() => kFold(5, { folds, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'parameter_invalid' }),
    );
  });
});

describe('groupFolds', () => {
  it('keeps groups together and the parts even', () => {
    const groups = fc.array(fc.constantFrom('a', 'b', 'c', 'd', null), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(groups, (values) => {
        fc.pre(new Set(values).size >= 2);
        const folds = groupFolds(values, { folds: 2 });
        expectPartition(folds, values.length);
        for (const { train, validation } of folds) {
          const learnt = new Set([...train].map((row) => values[row]));
          expect([...validation].some((row) => learnt.has(values[row]!))).toBe(false);
        }
      }),
    );
  });

  it('deals groups as scikit-learn does', () => {
    // list(GroupKFold(3).split(X, groups=list('aabbbbccd'))), validation rows
    const folds = groupFolds([...'aabbbbccd'], { folds: 3 });
    expect(folds.map(({ validation }) => [...validation]).sort((a, b) => a[0]! - b[0]!)).toEqual([
      [0, 1, 8],
      [2, 3, 4, 5],
      [6, 7],
    ]);
    expect(() => groupFolds(['a', 'a'], { folds: 2 })).toThrow(/2 to 1, as there are 1 groups/);
  });
});

describe('timeFolds', () => {
  const hour = 3_600_000_000;
  const times = Float64Array.from([5, 0, 3, 1, 4, 2, 7, 6], (n) => n * hour);

  it('scores later rows by earlier ones', () => {
    // TimeSeriesSplit(3) on rows in the order of time
    expect(lists(timeFolds(times, { folds: 3 }))).toEqual([
      [
        [1, 3],
        [5, 2],
      ],
      [
        [1, 3, 5, 2],
        [4, 0],
      ],
      [
        [1, 3, 5, 2, 4, 0],
        [7, 6],
      ],
    ]);
  });

  it('leaves a gap, and puts no time on both sides', () => {
    const [, second] = timeFolds(times, { folds: 3, gapHours: 1 });
    expect([...second!.train]).toEqual([1, 3, 5]);
    const doubled = Float64Array.from([0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4], (n) => n * hour);
    for (const { train, validation } of timeFolds(doubled, { folds: 2 })) {
      const last = Math.max(...[...train].map((row) => doubled[row]!));
      expect([...validation].every((row) => doubled[row]! > last)).toBe(true);
    }
  });

  it('refuses a row without a time, and a gap that lets rows learn from themselves', () => {
    const act =
      (rows: Float64Array, gapHours = 0) =>
      () =>
        timeFolds(rows, { folds: 2, gapHours });
    const withNull = Float64Array.from([5, 2, 3, NaN, 1, 4, 8, 9], (n) => n * hour);
    expect(act(withNull)).toThrowError(/Row 3 has no time/);
    for (const gapHours of [-1, NaN]) {
      expect(act(times, gapHours)).toThrowError(
        /"gapHours" is below 0, .* expected a number from 0, received/,
      );
      expect(act(times, gapHours)).toThrowError(expect.objectContaining({ code: 'parameter_invalid' }));
    }
  });

  it('refuses what leaves a side without rows', () => {
    expect(() => timeFolds(times, { folds: 3, gapHours: 100 })).toThrow(/Fold 1 of 3 by time has no rows/);
    expect(() => timeFolds(Float64Array.of(1, 1, 1), { folds: 2 })).toThrow(/times after the first/);
  });
});
