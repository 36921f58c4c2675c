import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchFromRows, getNumericColumn, type CellValue, type SlipwayError } from '@slipway/contracts';
import { migrate, readBatch, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineFeatureTable,
  ensureFeatureTable,
  featureRelation,
  featuresMigrations,
  featureTableStatus,
  loadFeatureTable,
  readFeatureFile,
  type FeatureTable,
  type LoadResult,
} from './index.ts';

let test: TestDatabase;
let database: Database;
let folder: string;
let tables = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
  folder = await mkdtemp(join(tmpdir(), 'slipway-features-'));
});
afterAll(async () => {
  await test.drop();
  await rm(folder, { recursive: true });
});

function define(change: object = {}): FeatureTable {
  tables += 1;
  return defineFeatureTable({
    name: `stores_${tables}`,
    owner: 'shops',
    entityKey: ['store'],
    eventTime: 'at',
    columns: {
      store: { type: 'long', range: [1, 1000] },
      at: { type: 'datetime' },
      kind: { type: 'string', enum: ['small', 'large'] },
      code: { type: 'string', pattern: '^[A-Z]{2}$', nullable: true },
      sales: { type: 'double', range: [0, 1e6] },
      returns: { type: 'double', nullable: true },
    },
    checks: [{ name: 'returns_below_sales', sql: 'returns <= sales' }],
    ...change,
  });
}

type Row = Record<string, CellValue>;
const hour = (n: number): number => Date.parse('2026-01-01T00:00:00Z') * 1000 + n * 3.6e9;
const row = (store: number, change: Row = {}): Row => ({
  store,
  at: hour(store),
  kind: 'small',
  code: 'AB',
  sales: store * 10,
  returns: null,
  ...change,
});

function load(table: FeatureTable, rows: readonly Row[]): Promise<LoadResult> {
  const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const source = { kind: 'batch', batch: batchFromRows(rows, columns), description: 'made up' } as const;
  return loadFeatureTable(database, table, source, { holder: 'test', now: () => 1_767_225_600_000 });
}

async function salesAt(table: FeatureTable, asOfLoad?: number): Promise<number[]> {
  const options = asOfLoad === undefined ? {} : { asOfLoad };
  const { sql, parameters, columns } = await featureRelation(database, table, options);
  const read = await readBatch(database, { sql, parameters, columns, orderBy: ['store'] });
  return [...getNumericColumn(read, 'sales').values];
}

describe('a definition', () => {
  it.each([
    [{ ownr: 'x' }, /"ownr" is not a key here, did you mean "owner"/],
    [{ name: 'Stores' }, /name of a feature table/],
    [{ entityKey: ['shop'] }, /"shop" is named as a key and is no column/],
    [{ eventTime: 'kind' }, /"kind" is the event time and must be of type datetime/],
    [{ columns: { store: { type: 'integer' } } }, /"columns.store.type"/],
  ])('with %j is refused', (change, message) => {
    expect(() => define(change)).toThrow(message);
    expect(() => define(change)).toThrow(expect.objectContaining({ code: 'configuration_invalid' }));
  });

  it('becomes constraints that Postgres itself enforces', async () => {
    const table = define();
    await ensureFeatureTable(database, table);
    const insert = (values: string): Promise<number> =>
      database.execute(
        `INSERT INTO features.${table.name} (store, at, kind, code, sales, returns, loaded_by) VALUES (${values}, 1)`,
      );
    await insert("1, now(), 'small', 'AB', 5, NULL");
    for (const wrong of [
      "0, now(), 'small', 'AB', 5, NULL",
      "2, now(), 'medium', 'AB', 5, NULL",
      "2, now(), 'small', 'abc', 5, NULL",
      "2, now(), 'small', 'AB', -1, NULL",
      "2, now(), NULL, 'AB', 5, NULL",
      "2, now(), 'small', 'AB', 5, 6",
      "2, now(), 'small', 'AB', 'NaN', NULL",
    ]) {
      await expect(insert(wrong), wrong).rejects.toThrow();
    }
  });

  it('is brought up to date by new nullable columns and refuses what stored rows do not allow', async () => {
    const table = define();
    const created = await Promise.all([1, 2, 3].map(() => ensureFeatureTable(database, table)));
    expect(created.filter((result) => result.created)).toHaveLength(1);
    await load(table, [row(1)]);
    const columns = { ...table.columns, visitors: { type: 'long', nullable: true } };
    const wider = defineFeatureTable({ ...table, columns } as FeatureTable);
    expect((await ensureFeatureTable(database, wider)).migrated).toHaveLength(1);
    expect(await ensureFeatureTable(database, wider)).toEqual({ created: false, migrated: [] });
    const renamed = { ...wider, columns: { ...wider.columns, sales: { type: 'long', nullable: false } } };
    const broken = ensureFeatureTable(database, defineFeatureTable(renamed as FeatureTable));
    await expect(broken).rejects.toMatchObject({ code: 'schema_change_breaking' });
  });
});

describe('a load', () => {
  it('brings rows, changes nothing the second time, and keeps every version of a corrected row', async () => {
    const table = define();
    expect(await load(table, [row(1), row(2)])).toMatchObject({ outcome: 'loaded', load: 1, inserted: 2 });
    expect(await load(table, [row(2), row(1)])).toEqual({ outcome: 'unchanged', load: 1, rows: 2 });
    const corrected = await load(table, [row(2, { sales: 99 }), row(3)]);
    expect(corrected).toMatchObject({ outcome: 'loaded', load: 2, inserted: 1, updated: 1, unchanged: 0 });
    expect(await salesAt(table)).toEqual([10, 99, 30]);
    expect(await salesAt(table, 1)).toEqual([10, 20]);
    expect(await featureTableStatus(database, table)).toMatchObject({
      rows: 3,
      watermark: 2,
      newestEventTime: hour(3),
    });
  });

  it('with bad rows is refused whole, each violation counted with sample keys', async () => {
    const table = define();
    await load(table, [row(1)]);
    const rows = [
      row(2),
      row(3, { kind: 'medium' }),
      row(4, { kind: 'tiny', sales: -1 }),
      row(5, { returns: 1e5 }),
      row(6),
      row(6),
    ];
    const error = await load(table, rows).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'data_rejected' });
    const { violations } = (error as SlipwayError).details as {
      violations: { constraint: string; count: number; sampleKeys: string[] }[];
    };
    const counts = violations.map(({ count }) => count).sort();
    expect(counts).toEqual([1, 1, 2, 2]);
    expect(violations.every(({ sampleKeys }) => sampleKeys.length > 0)).toBe(true);
    expect((error as Error).message).not.toMatch(/medium|tiny/);
    expect(await salesAt(table)).toEqual([10]);
    const [kept] = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM features._reject WHERE feature_table = $1',
      [table.name],
    );
    expect(kept).toEqual({ count: 1 });
    const staging = await database.query("SELECT FROM pg_tables WHERE tablename LIKE '\\_staging%'");
    expect(staging).toEqual([]);
  });

  it('waits for another load of the same table', async () => {
    const table = define();
    const results = await Promise.all([1, 2, 3, 4].map((store) => load(table, [row(store)])));
    const loads = results.map((result) => result.load).sort();
    expect(loads).toEqual([1, 2, 3, 4]);
    expect(await salesAt(table)).toEqual([10, 20, 30, 40]);
  });

  it('in any pieces and order ends in the same rows, the last word counting', async () => {
    const changes = fc.array(
      fc.record({ store: fc.integer({ min: 1, max: 4 }), sales: fc.integer({ min: 0, max: 3 }) }),
      { minLength: 1, maxLength: 8 },
    );
    const property = fc.asyncProperty(changes, async (list) => {
      const table = define();
      const expected = new Map<number, number>();
      for (const { store, sales } of list) {
        await load(table, [row(store, { sales })]);
        expected.set(store, sales);
      }
      expect(await salesAt(table)).toEqual([...expected].sort(([a], [b]) => a - b).map(([, sales]) => sales));
    });
    await fc.assert(property, { numRuns: 6, seed: 20_261_124 });
  });
});

describe('a file', () => {
  const header = 'store,at,kind,code,sales,returns';
  const write = async (content: string): Promise<string> => {
    const path = join(folder, 'rows.csv');
    await writeFile(path, content);
    return path;
  };

  it('may have a byte order mark, CRLF, quotes and empty cells for NULL', async () => {
    const path = await write(`\ufeff${header}\r\n1,2026-01-01T00:00:00Z,"small",,"1e2",\r\n`);
    const batch = await readFeatureFile(define(), { path });
    expect(batch.rowCount).toBe(1);
    expect(batch.columns.map(({ values }) => values[0])).toEqual([1, hour(0), 'small', null, 100, NaN]);
  });

  it('is read within a window of event time', async () => {
    const lines = [0, 1, 2, 3].map((n) => `${n + 1},${new Date(hour(n) / 1000).toISOString()},small,AB,5,`);
    const path = await write([header, ...lines, ''].join('\n'));
    const where = { column: 'at', from: hour(1), to: hour(3) };
    const batch = await readFeatureFile(define(), { path, where });
    expect([...getNumericColumn(batch, 'store').values]).toEqual([2, 3]);
  });

  it.each([
    ['a missing column', 'store,at\n1,2026-01-01\n', 'schema_mismatch'],
    ['a value of the wrong type', `${header}\nmany,2026-01-01,small,AB,5,\n`, 'data_rejected'],
    ['an unsafe integer', `${header}\n9007199254740993,2026-01-01,small,AB,5,\n`, 'data_rejected'],
    ['nothing at all', '', 'file_unreadable'],
  ])('with %s is refused without showing a value', async (_, content, code) => {
    const path = await write(content);
    const read = readFeatureFile(define(), { path });
    await expect(read).rejects.toMatchObject({ code });
    await expect(read).rejects.not.toThrow(/many|9007199254740993/);
  });

  it('that does not exist is named', async () => {
    const read = readFeatureFile(define(), { path: join(folder, 'none.csv') });
    await expect(read).rejects.toMatchObject({ code: 'file_not_found' });
  });
});
