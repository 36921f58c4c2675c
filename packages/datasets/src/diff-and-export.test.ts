import type { Relation } from '@slipway/contracts';
import { migrate, postgresTypes, quoteTable, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  diffDatasets,
  exportDataset,
  getDataset,
  listDatasets,
  splitSchema,
  type CataloguedDataset,
} from './index.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, datasetsMigrations);
});
afterAll(() => test.drop());

const columns = [
  { name: 'shop', type: 'string', role: 'entityKey', nullable: false },
  { name: 'day', type: 'datetime', role: 'eventTime', nullable: false },
  { name: 'open', type: 'boolean', role: 'feature', nullable: true },
  { name: 'note', type: 'string', role: 'feature', nullable: true },
  { name: 'sales', type: 'double', role: 'target', nullable: false },
] as const;

/** The training table of 200 rows, whose sales a SQL expression of n says, and which a condition on n picks. */
async function trainOf(sales: string, condition = 'true'): Promise<CataloguedDataset> {
  const relation: Relation = {
    source: 'shops',
    sql: `SELECT CASE WHEN n % 2 = 0 THEN 'ö' ELSE 'Z' END AS shop, timestamptz '2026-01-01 00:00Z' + n * interval '1 day 1 microsecond' AS day,
            CASE WHEN n % 3 > 0 THEN n % 3 = 1 END AS open, CASE n % 4 WHEN 0 THEN 'a,"b"' WHEN 1 THEN '' END AS note, ${sales} AS sales
          FROM generate_series(1, 200) AS n WHERE ${condition}`,
    parameters: [],
    columns,
    watermark: {},
  };
  const split = splitSchema.parse({ kind: 'random', testShare: 0.2, seed: 1 });
  const { train } = await buildTrainTest(database, { relation, split });
  return getDataset(database, train.ref.digest);
}

describe('diffDatasets', () => {
  it('says which table somebody changed by hand', async () => {
    const [first, second] = [await trainOf('n * 3.0'), await trainOf('n * 4.0')];
    await database.execute(`ALTER TABLE ${quoteTable(second.ref)} DROP COLUMN note`);
    await expect(diffDatasets(database, first, second)).rejects.toMatchObject({
      code: 'dataset_damaged',
      message: expect.stringContaining(`${second.ref.table} is not what was registered`),
    });
  });

  it('finds no difference between a dataset and itself', async () => {
    const dataset = await trainOf('n * 1.0');
    expect(await diffDatasets(database, dataset, dataset)).toEqual({
      columnsOnlyInFirst: [],
      columnsOnlyInSecond: [],
      bucketsDiffering: 0,
      rowsOnlyInFirst: 0,
      rowsOnlyInSecond: 0,
      keysChanged: 0,
      sampleOfFirst: [],
      sampleOfSecond: [],
    });
  });

  it('knows row keys by any name', async () => {
    const relation = (value: string): Relation => ({
      source: 'hashes',
      sql: `SELECT n AS hash, n % 7 AS copy, n AS key_0, ${value} AS number FROM generate_series(1, 60) AS n`,
      parameters: [],
      columns: [
        { name: 'hash', type: 'long', role: 'entityKey', nullable: false },
        { name: 'copy', type: 'long', role: 'entityKey', nullable: false },
        { name: 'key_0', type: 'long', role: 'feature', nullable: false },
        { name: 'number', type: 'double', role: 'target', nullable: false },
      ],
      watermark: {},
    });
    const split = splitSchema.parse({ kind: 'random', testShare: 0.2, seed: 1 });
    const trainOfHashes = async (value: string): Promise<CataloguedDataset> => {
      const { train } = await buildTrainTest(database, { relation: relation(value), split });
      return getDataset(database, train.ref.digest);
    };
    const first = await trainOfHashes('n * 1.0');
    const second = await trainOfHashes('CASE WHEN n <= 55 THEN n * 1.0 ELSE 0 END');
    const diff = await diffDatasets(database, first, second);
    expect(diff.keysChanged).toBe(diff.rowsOnlyInFirst);
    expect(diff.sampleOfFirst).toEqual(diff.sampleOfSecond);
    expect(diff.sampleOfFirst.length).toBeGreaterThan(1);
    for (const { hash, copy } of diff.sampleOfFirst) {
      expect(Number(hash)).toBeGreaterThan(55);
      expect(Number(copy)).toBe(Number(hash) % 7);
    }
  });

  it('tells changed rows from those that only one side has, and names their keys', async () => {
    const first = await trainOf('n * 1.0', 'n > 3');
    const second = await trainOf('CASE WHEN n = 100 OR n = 101 THEN 0 ELSE n * 1.0 END', 'n < 199');
    const sides = ['first', 'second'] as const;
    const rows = new Map<string, Set<number>>();
    for (const [index, dataset] of [first, second].entries()) {
      const days = await database.query<{ n: string }>(
        `SELECT extract(day FROM day - '2026-01-01 00:00Z') AS n FROM training."${dataset.ref.table}"`,
      );
      rows.set(sides[index]!, new Set(days.map(({ n }) => Number(n))));
    }
    const changed = [100, 101].filter((n) => rows.get('first')?.has(n));
    const [gone, added] = [
      [199, 200].filter((n) => rows.get('first')?.has(n)),
      [1, 2, 3].filter((n) => rows.get('second')?.has(n)),
    ];
    const diff = await diffDatasets(database, first, second);
    expect(diff).toMatchObject({
      rowsOnlyInFirst: changed.length + gone.length,
      rowsOnlyInSecond: changed.length + added.length,
      keysChanged: changed.length,
    });
    expect(changed.length + gone.length + added.length).toBeGreaterThan(3);
    expect(diff.sampleOfFirst).toHaveLength(changed.length + gone.length);
    expect(Object.keys(diff.sampleOfFirst[0] ?? {})).toEqual(['shop', 'day']);
    expect(diff.bucketsDiffering).toBeLessThanOrEqual(diff.rowsOnlyInFirst + diff.rowsOnlyInSecond);
  });

  it('compares the columns that both have, with the same type', async () => {
    const first = await trainOf('n * 1.0');
    const relation: Relation = {
      source: 'shops',
      sql: `SELECT shop, day, open, sales::bigint AS sales FROM training."${first.ref.table}"`,
      parameters: [],
      columns: [columns[0], columns[1], columns[2], { ...columns[4], type: 'long' }],
      watermark: {},
    };
    const split = splitSchema.parse({ kind: 'random', testShare: 1e-9, seed: 1 });
    await expect(buildTrainTest(database, { relation, split })).rejects.toMatchObject({
      code: 'dataset_empty',
    });
    const half = splitSchema.parse({ kind: 'random', testShare: 0.5, seed: 9 });
    const { train } = await buildTrainTest(database, { relation, split: half });
    const diff = await diffDatasets(database, first, await getDataset(database, train.ref.table));
    expect(diff).toMatchObject({
      columnsOnlyInFirst: ['note', 'sales'],
      columnsOnlyInSecond: ['sales'],
      rowsOnlyInFirst: first.ref.rowCount - train.ref.rowCount,
      rowsOnlyInSecond: 0,
    });
  });
});

describe('diffDatasets of tables of two sources', () => {
  it('refuses those without a column in common, whose rows would all count as equal', async () => {
    const relation: Relation = {
      source: 'stones',
      sql: 'SELECT n AS stone, n * 1.0 AS price FROM generate_series(1, 50) AS n',
      parameters: [],
      columns: [
        { name: 'stone', type: 'long', role: 'entityKey', nullable: false },
        { name: 'price', type: 'double', role: 'target', nullable: false },
      ],
      watermark: {},
    };
    const split = splitSchema.parse({ kind: 'random', testShare: 0.2, seed: 1 });
    const { train } = await buildTrainTest(database, { relation, split });
    const [shops, stones] = [await trainOf('n * 1.0'), await getDataset(database, train.ref.table)];
    await expect(diffDatasets(database, shops, stones)).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringContaining('have no column in common'),
    });
  });

  it('says the types of those that have the same names, of ten at most', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `c${index}`);
    const wide = async (type: 'long' | 'string'): Promise<CataloguedDataset> => {
      const cells = names.map((name) => `n::${postgresTypes[type]} AS ${name}`);
      const relation: Relation = {
        source: `wide_${type}`,
        sql: `SELECT ${cells.join(', ')} FROM generate_series(1, 50) AS n`,
        parameters: [],
        columns: names.map((name) => ({ name, type, role: 'entityKey', nullable: false })),
        watermark: {},
      };
      const split = splitSchema.parse({ kind: 'random', testShare: 0.2, seed: 1 });
      const { train } = await buildTrainTest(database, { relation, split });
      return getDataset(database, train.ref.digest);
    };
    const diff = diffDatasets(database, await wide('long'), await wide('string'));
    await expect(diff).rejects.toThrow(
      /as in c0 long, .*, c9 long and 2 more, received c0 string, .*, c9 string and 2 more/,
    );
  });
});

describe('exportDataset', () => {
  it('writes the same bytes whatever the session is set to: keys in order, NULL apart from an empty text', async () => {
    const dataset = await trainOf('n * 1.0 / 3', 'n < 10');
    const chunks: Uint8Array[] = [];
    await exportDataset(database, dataset, { onChunk: (chunk) => chunks.push(Uint8Array.from(chunk)) });
    const text = Buffer.concat(chunks).toString('utf8');
    const lines = text.split('\n');
    expect(lines[0]).toBe('shop,day,open,note,sales');
    expect(lines.slice(1, -1)).toEqual(lines.slice(1, -1).toSorted());
    expect(text).toContain('Z,2026-01-02T00:00:00.000001Z,true,"",0.3333333333333333\n');
    expect(text).toContain('ö,2026-01-09T00:00:00.000008Z,false,"a,""b""",2.6666666666666665\n');
    expect(text).toContain('Z,2026-01-04T00:00:00.000003Z,,,1\n');
  });

  it('writes -0 as 0, as the digest takes it: one digest has one file', async () => {
    const texts: string[] = [];
    for (const zero of ["'-0'::float8", '0::float8']) {
      // The second build would use the table of the first.
      for (const { ref } of await listDatasets(database))
        await database.execute(`DROP TABLE IF EXISTS training."${ref.table}"`);
      const dataset = await trainOf(zero);
      const chunks: Uint8Array[] = [];
      await exportDataset(database, dataset, { onChunk: (chunk) => chunks.push(Uint8Array.from(chunk)) });
      texts.push(dataset.ref.digest + Buffer.concat(chunks).toString('utf8'));
    }
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('getDataset', () => {
  it('finds a dataset by table, digest or the beginning of it', async () => {
    const { ref } = await trainOf('n * 1.0');
    for (const name of [ref.table, `training.${ref.table}`, ref.digest, ref.digest.slice(0, 8)])
      expect((await getDataset(database, name)).ref).toEqual(ref);
    for (const name of [ref.digest.slice(0, 7), 'nothing', "'; DROP TABLE x; --"])
      await expect(getDataset(database, name)).rejects.toMatchObject({ code: 'dataset_not_found' });
    await expect(getDataset(database, ref.digest.slice(0, 7))).rejects.toThrow('at least 8 characters');
  });
});
