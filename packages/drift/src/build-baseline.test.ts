import { batchFromRows, driftBaselineSchema } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { buildBaseline, designEffect, type BaselineOptions } from './index.ts';

const day = 86_400_000_000;

/** 40 days of 24 hours with one value a day: rows of a day are equal. */
function equalDays(): BaselineOptions {
  const rows = 40 * 24;
  const dayOf = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / 24));
  return {
    model: 'm',
    runId: 'r',
    datasetDigest: 'd'.repeat(64),
    predictions: Float64Array.from(dayOf, (number) => (number * 7) % 40),
    features: batchFromRows(
      Array.from(dayOf, (number) => ({ weekday: number % 7 })),
      [{ name: 'weekday', type: 'long' }],
    ),
    eventTimes: Float64Array.from({ length: rows }, (_, row) => 1.3e15 + (row / 24) * day),
    blocks: { column: 'date', of: dayOf },
  };
}

describe('a baseline', () => {
  it('keeps the period and the blocks of its rows', () => {
    const baseline = driftBaselineSchema.parse(JSON.parse(JSON.stringify(buildBaseline(equalDays()))));
    expect(baseline.period).toEqual({ from: 1.3e15, to: 1.3e15 + (39 + 23 / 24) * day });
    expect(baseline.blocks).toMatchObject({ column: 'date', count: 40 });
    expect(baseline.blocks!.designEffect).toBeCloseTo((24 * 40) / 39, 9);
  });

  it('says null where rows have neither time nor blocks', () => {
    const rows = { ...equalDays(), eventTimes: undefined, blocks: undefined };
    expect(buildBaseline(rows)).toMatchObject({ period: null, blocks: null });
  });

  it('refuses blocks and times of other lengths', () => {
    const rows = equalDays();
    const short = { blocks: { column: 'date', of: Int32Array.of(0) }, eventTimes: Float64Array.of(1) };
    for (const part of ['blocks', 'eventTimes'] as const) {
      expect(() => buildBaseline({ ...rows, [part]: short[part] })).toThrow(
        expect.objectContaining({ code: 'sample_invalid' }),
      );
    }
  });

  it('cuts whole numbers between whole numbers', () => {
    const { cells } = buildBaseline(equalDays()).columns[1]!;
    expect(cells).toMatchObject({ kind: 'numeric', edges: [1, 2, 3, 4, 5, 6] });
  });
});

// By hand, from the ratio estimator: single rows give n / (n - 1), blocks of m equal rows m times B / (B - 1).
describe('the design effect', () => {
  const cells = Int32Array.from({ length: 600 }, (_, row) => (row * 37) % 10);

  it('of rows that are blocks of their own is 1', () => {
    expect(designEffect(cells, Int32Array.from(cells.keys()))).toBeCloseTo(600 / 599, 9);
  });

  it('of blocks of equal rows is their size', () => {
    const blocks = Int32Array.from({ length: 6000 }, (_, row) => Math.floor(row / 10));
    const repeated = Int32Array.from({ length: 6000 }, (_, row) => cells[Math.floor(row / 10)]!);
    expect(designEffect(repeated, blocks)).toBeCloseTo((10 * 600) / 599, 9);
  });

  it('of blocks that each hold the whole is 0', () => {
    const blocks = Int32Array.from({ length: 600 }, (_, row) => Math.floor(row / 10));
    expect(designEffect(cells, blocks)).toBeCloseTo(0, 9);
  });

  it('is unknown with one block or one cell', () => {
    expect(designEffect(cells, new Int32Array(600))).toBeNull();
    expect(designEffect(new Int32Array(600), cells)).toBeNull();
  });
});
