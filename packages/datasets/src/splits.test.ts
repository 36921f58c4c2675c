import type { Relation } from '@slipway/contracts';
import { migrate, quoteTable, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildTrainTest, datasetsMigrations, getDataset, splitSchema } from './index.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, datasetsMigrations);
});
afterAll(() => test.drop());

/** Hourly rows of four kinds of weather, as common as 60, 30, 9 and 1 in a hundred; the last kind is NULL. */
function hoursOf(rows: number): Relation {
  return {
    source: 'hours',
    sql: `SELECT n AS id, timestamptz '2026-01-01 00:00Z' + n * interval '1 hour' AS at, n * 1.0 AS y,
            CASE WHEN n % 100 < 60 THEN 'clear' WHEN n % 100 < 90 THEN 'rain' WHEN n % 100 < 99 THEN 'snow' END AS weather
          FROM generate_series(0, ${rows - 1}) AS n`,
    parameters: [],
    columns: [
      { name: 'id', type: 'long', role: 'entityKey', nullable: false },
      { name: 'at', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'y', type: 'double', role: 'target', nullable: false },
      { name: 'weather', type: 'string', role: 'attribute', nullable: true },
    ],
    watermark: {},
  };
}

async function testRowsBy(
  relation: Relation,
  split: object,
): Promise<{ ids: ReadonlySet<number>; byWeather: Readonly<Record<string, number>> }> {
  const built = await buildTrainTest(database, { relation, split: splitSchema.parse(split) });
  const rows = await database.query<{ id: string; weather: string | null }>(
    `SELECT id, weather FROM ${quoteTable(built.test.ref)}`,
  );
  const byWeather: Record<string, number> = {};
  for (const { weather } of rows) byWeather[String(weather)] = (byWeather[String(weather)] ?? 0) + 1;
  return { ids: new Set(rows.map(({ id }) => Number(id))), byWeather };
}

describe('a stratified split', () => {
  const exact = { kind: 'stratified', by: 'weather', variant: 'exact', testShare: 0.25, seed: 3 };

  it('gives each value, NULL as well, the nearest whole number of test rows', async () => {
    const { byWeather } = await testRowsBy(hoursOf(1000), exact);
    expect(byWeather).toEqual({ clear: 150, rain: 75, snow: 23, null: 3 });
  });

  it('rounds halves up and keeps to the share on both sides of a half', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 400, max: 900 }),
      fc.double({ min: 0.2, max: 0.8, noNaN: true }),
      async (rows, testShare) => {
        const { byWeather } = await testRowsBy(hoursOf(rows), { ...exact, testShare });
        const whole = Array.from({ length: rows }, (_, n) => n % 100);
        const count = (from: number, to: number): number => whole.filter((n) => n >= from && n < to).length;
        const nearest = (n: number): number => Math.floor(n * testShare + 0.5);
        expect(byWeather).toEqual({
          clear: nearest(count(0, 60)),
          rain: nearest(count(60, 90)),
          snow: nearest(count(90, 99)),
          null: nearest(count(99, 100)),
        });
      },
    );
    await fc.assert(property, { numRuns: 12, seed: 20_261_125 });
  });

  it('keeps every row on its side in the stable variant, and meets the share on average', async () => {
    const stable = { ...exact, variant: 'stable' };
    const before = await testRowsBy(hoursOf(4000), stable);
    const after = await testRowsBy(hoursOf(4400), stable);
    expect(new Set([...after.ids].filter((id) => id < 4000))).toEqual(before.ids);
    // 3 standard deviations of a share of 0.25.
    for (const [weather, rows] of [
      ['clear', 2400],
      ['rain', 1200],
    ] as const) {
      const deviation = Math.sqrt(rows * 0.25 * 0.75);
      expect(Math.abs((before.byWeather[weather] ?? 0) - rows * 0.25)).toBeLessThan(3 * deviation);
    }
  });

  it('refuses values that only one side has, and columns of numbers with a fraction', async () => {
    await expect(testRowsBy(hoursOf(101), exact)).rejects.toMatchObject({
      code: 'dataset_empty',
      message: expect.stringContaining('1 values of "weather"'),
    });
    await expect(testRowsBy(hoursOf(400), { ...exact, by: 'y' })).rejects.toMatchObject({
      code: 'configuration_invalid',
    });
  });
});

describe('a split by time', () => {
  it('finds the cutoff of a share among the labelled rows and keeps it in the recipe', async () => {
    const relation = hoursOf(500);
    const unlabelled = {
      ...relation,
      sql: relation.sql.replace('n * 1.0', 'CASE WHEN n < 400 THEN n * 1.0 END'),
    };
    const split = splitSchema.parse({ kind: 'time', testShare: 0.2, gapHours: 24 });
    const built = await buildTrainTest(database, { relation: unlabelled, split });
    // percentile_disc(0.8) of 400 hours is the 320th: hour 319. 81 rows from there on, 24 in the gap.
    expect([built.train.ref.rowCount, built.test.ref.rowCount]).toEqual([295, 81]);
    const { recipe } = await getDataset(database, built.test.ref.table);
    expect(recipe).toMatchObject({
      side: 'test',
      split: { kind: 'time', cutoff: '2026-01-14T07:00:00.000000Z', gapHours: 24 },
    });
  });

  it('takes microseconds of the cutoff, and either a cutoff or a share', async () => {
    const at = (cutoff: string): Promise<{ ids: ReadonlySet<number> }> =>
      testRowsBy(hoursOf(100), { kind: 'time', cutoff });
    expect((await at('2026-01-03T00:00:00.000000Z')).ids.size).toBe(52);
    expect((await at('2026-01-03T00:00:00.000001Z')).ids.size).toBe(51);
    for (const split of [{ kind: 'time' }, { kind: 'time', cutoff: '2026-01-03T00:00:00Z', testShare: 0.2 }])
      expect(splitSchema.safeParse(split).error?.issues[0]?.message).toMatch(/cutoff or testShare/);
  });
});
