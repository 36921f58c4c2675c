import { createHash } from 'node:crypto';
import { getNumericColumn, type Relation } from '@slipway/contracts';
import { connectDatabase, migrate, quoteTable, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  digestColumnBatch,
  getDataset,
  readDataset,
  splitSchema,
} from './index.ts';

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

describe('a split by hash', () => {
  it('puts rows on the same side in a session that reads backslashes in strings', async () => {
    const other = await connectDatabase({ url: test.url, maxConnections: 1 });
    await other.execute("SET standard_conforming_strings = off; SET bytea_output = 'escape'");
    const split = splitSchema.parse({ kind: 'random', testShare: 0.25, seed: 8 });
    const [here, there] = [
      await buildTrainTest(database, { relation: hoursOf(400), split }),
      await buildTrainTest(other, { relation: hoursOf(400), split }),
    ];
    await other.close();
    expect(there.train).toEqual({ ref: here.train.ref, created: false });
    expect(there.test.ref).toEqual(here.test.ref);
  });
});

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
    // A fifth of 400 hours are the newest 80, from hour 320 on; 24 lie in the gap.
    expect([built.train.ref.rowCount, built.test.ref.rowCount]).toEqual([296, 80]);
    const { recipe } = await getDataset(database, built.test.ref.table);
    expect(recipe).toMatchObject({
      side: 'test',
      split: { kind: 'time', cutoff: '2026-01-14T08:00:00.000000Z', gapHours: 24 },
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

/** u by the words of the README: 52 bits of sha256(seed, 0x1f, record_send(ROW(id))), with no SQL. */
function uOf(id: number, seed: number): number {
  const key = Buffer.alloc(20);
  // One column, of type 20 (int8), of 8 bytes.
  for (const [index, word] of [1, 20, 8].entries()) key.writeInt32BE(word, index * 4);
  key.writeBigInt64BE(BigInt(id), 12);
  const hash = createHash('sha256').update(`${seed}\u001f`).update(key).digest();
  return Number(hash.readBigUInt64BE(0) >> 12n) / 2 ** 52;
}

describe('a random split', () => {
  const { columns, ...hours } = hoursOf(300);
  const byId = {
    ...hours,
    columns: columns.map((column) =>
      column.name === 'at' ? { ...column, role: 'attribute' as const } : column,
    ),
  };

  it('holds out exactly the rows whose u is below the share, to the last bit', async () => {
    for (const [seed, edge] of [
      [7, 17],
      [-2_147_483_648, 18],
      [2_147_483_647, 299],
    ] as const) {
      const u = uOf(edge, seed);
      for (const testShare of [u, u + 2 ** -53, u - 2 ** -53]) {
        const { ids } = await testRowsBy(byId, { kind: 'random', testShare, seed });
        const below = Array.from({ length: 300 }, (_, id) => id).filter((id) => uOf(id, seed) < testShare);
        expect([...ids].toSorted((a, b) => a - b)).toEqual(below);
        expect(ids.has(edge)).toBe(testShare > u);
      }
    }
  });

  it('takes the smallest and the largest share there is', async () => {
    for (const testShare of [2 ** -1074, 1 - 2 ** -53])
      await expect(testRowsBy(byId, { kind: 'random', testShare, seed: 7 })).rejects.toMatchObject({
        code: 'dataset_empty',
      });
  });
});

describe('a relation that gives other rows each time it is read', () => {
  it('is read once: the sides are two parts of the same rows, and the digest is that of what is stored', async () => {
    await database.execute('CREATE SEQUENCE reading');
    const relation: Relation = {
      source: 'readings',
      sql: "SELECT nextval('reading') AS id, random() AS y FROM generate_series(1, 400)",
      parameters: [],
      columns: [
        { name: 'id', type: 'long', role: 'entityKey', nullable: false },
        { name: 'y', type: 'double', role: 'target', nullable: false },
      ],
      watermark: {},
    };
    const split = splitSchema.parse({ kind: 'random', testShare: 0.25, seed: 7 });
    const { train, test: held } = await buildTrainTest(database, { relation, split });
    const ids: number[] = [];
    for (const { ref } of [train, held]) {
      const rows = await readDataset(database, ref);
      expect(digestColumnBatch(rows)).toBe(ref.digest);
      ids.push(...getNumericColumn(rows, 'id').values);
    }
    expect(ids.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, n) => n + 1));
  });
});

describe('a row key that comes twice', () => {
  // Longs and times that Postgres folds to the same 32 bits, and texts that join to the same text.
  const alike = `SELECT n AS id, timestamptz 'epoch' + n * 4294967296 * interval '1 microsecond' AS at, 'a' AS one,
    repeat('b', n) AS two, n * 1.0 AS y FROM generate_series(1, 200) AS n`;
  const relationOf = (more: string): Relation => ({
    source: 'keys',
    sql: `SELECT id * 4294967297 AS id, at, one, two, y FROM (${alike}) AS alike ${more}`,
    parameters: [],
    columns: [
      { name: 'id', type: 'long', role: 'entityKey', nullable: false },
      { name: 'one', type: 'string', role: 'entityKey', nullable: false },
      { name: 'two', type: 'string', role: 'entityKey', nullable: false },
      { name: 'at', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'y', type: 'double', role: 'target', nullable: false },
    ],
    watermark: {},
  });
  const group = splitSchema.parse({ kind: 'group', by: 'y', testShare: 0.5, seed: 7 });
  const repeated = (y: string): Relation =>
    relationOf(
      `UNION ALL SELECT id * 4294967297, at, one, two, ${y} FROM (${alike}) AS again WHERE id <= 40`,
    );

  it('is not one that only looks alike', async () => {
    const { train, test: held } = await buildTrainTest(database, { relation: relationOf(''), split: group });
    expect(train.ref.rowCount + held.ref.rowCount).toBe(200);
  });

  it.each(['long', 'datetime'] as const)('is refused when it is one %s', async (type) => {
    const id = type === 'long' ? 'n % 199' : "timestamptz 'epoch' + n % 199 * interval '1 hour'";
    const single: Relation = {
      source: 'keys',
      sql: `SELECT ${id} AS id, n * 1.0 AS y FROM generate_series(1, 200) AS n`,
      parameters: [],
      columns: [
        { name: 'id', type, role: type === 'long' ? 'entityKey' : 'eventTime', nullable: false },
        { name: 'y', type: 'double', role: 'target', nullable: false },
      ],
      watermark: {},
    };
    const split = splitSchema.parse({ kind: 'random', testShare: 0.5, seed: 7 });
    await expect(buildTrainTest(database, { relation: single, split })).rejects.toMatchObject({
      code: 'key_duplicate',
      message: expect.stringContaining('1 row keys of keys come more than once'),
    });
  });

  it('is refused, and counted apart when it is on both sides', async () => {
    await expect(buildTrainTest(database, { relation: repeated('y'), split: group })).rejects.toMatchObject({
      code: 'key_duplicate',
      message: expect.stringContaining('40 row keys of keys come more than once, 0 of them on both sides'),
    });
    const shared = buildTrainTest(database, { relation: repeated('-y'), split: group });
    await expect(shared).rejects.toMatchObject({
      code: 'dataset_overlap',
      message: expect.stringMatching(/40 row keys of keys come more than once, \d\d of them on both sides/),
    });
  });
});
