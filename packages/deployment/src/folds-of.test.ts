import { batchFromRows } from '@slipway/contracts';
import { splitSchema } from '@slipway/datasets';
import { describe, expect, it } from 'vitest';
import { foldsOf } from './folds-of.ts';

const hour = 3_600_000_000;
const rows = batchFromRows(
  Array.from({ length: 96 }, (_, row) => ({ day: `d${Math.floor(row / 24)}`, at: row * hour })),
  [
    { name: 'day', type: 'string' },
    { name: 'at', type: 'datetime' },
  ],
);
const shared = { eventTime: 'at' };
const valuesOf = (column: 0 | 1, places: Int32Array): unknown[] =>
  [...places].map((row) => rows.columns[column]!.values[row]);

describe('folds hold out as the split of the model does', () => {
  it('by group: no group is on both sides', () => {
    const split = splitSchema.parse({ kind: 'group', by: 'day', testShare: 0.3, seed: 1 });
    for (const { train, validation } of foldsOf(split, rows, { ...shared, folds: 4 })) {
      const held = new Set(valuesOf(0, validation));
      expect(held.size).toBe(1);
      expect(valuesOf(0, train).some((day) => held.has(day))).toBe(false);
    }
  });

  it('by time: what is scored is later, by more than the gap', () => {
    const split = splitSchema.parse({ kind: 'time', testShare: 0.2, gapHours: 6 });
    const folds = foldsOf(split, rows, { ...shared, folds: 3 });
    expect(folds).toHaveLength(3);
    for (const { train, validation } of folds) {
      const last = Math.max(...(valuesOf(1, train) as number[]));
      const first = Math.min(...(valuesOf(1, validation) as number[]));
      expect(first - last).toBe(7 * hour);
    }
  });

  it.each([
    { kind: 'random', testShare: 0.3, seed: 1 },
    { kind: 'stratified', by: 'day', testShare: 0.3, seed: 1 },
  ] as const)('at random, every row once: %j', (split) => {
    const folds = foldsOf(splitSchema.parse(split), rows, { ...shared, folds: 5 });
    const scored = folds.flatMap(({ validation }) => [...validation]);
    expect(scored.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 96 }, (_, row) => row));
  });

  it('stratified: every value has its share of each fold', () => {
    const split = splitSchema.parse({ kind: 'stratified', by: 'day', testShare: 0.3, seed: 1 });
    for (const { validation } of foldsOf(split, rows, { ...shared, folds: 4 })) {
      const days = valuesOf(0, validation);
      expect(['d0', 'd1', 'd2', 'd3'].map((day) => days.filter((own) => own === day).length)).toEqual([
        6, 6, 6, 6,
      ]);
    }
  });

  it('at random by the seed of the split', () => {
    const [one, two] = [1, 2].map((seed) =>
      foldsOf(splitSchema.parse({ kind: 'random', testShare: 0.3, seed }), rows, { ...shared, folds: 2 }),
    );
    expect(one).not.toEqual(two);
  });

  it('refuses a group that is no column, and a time where there is none', () => {
    const group = splitSchema.parse({ kind: 'group', by: 'week', testShare: 0.3, seed: 1 });
    expect(() => foldsOf(group, rows, { ...shared, folds: 2 })).toThrow(/"week"/);
    const time = splitSchema.parse({ kind: 'time', testShare: 0.2 });
    const timeless = { eventTime: undefined, folds: 2 };
    expect(() => foldsOf(time, rows, timeless)).toThrow(/no event time/);
  });
});
