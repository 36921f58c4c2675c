import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { batchFromRows, getNumericColumn, type CellValue, type SlipwayError } from '@slipway/contracts';
import { migrate, quoteTable, readBatch, withLease, type Database } from '@slipway/database';
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
  type EventWindow,
  type FeatureColumn,
  type FeatureTable,
  type LoadResult,
  type Violation,
} from './index.ts';
import { createRowsTable } from './create-rows-table.ts';
import { createStaging } from './staging-table.ts';

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

/** The violations that a load is refused with. */
async function violationsOf(loaded: Promise<LoadResult>): Promise<readonly Violation[]> {
  const error: unknown = await loaded.catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'data_rejected' });
  return (error as SlipwayError).details['violations'] as readonly Violation[];
}

function loadFile(table: FeatureTable, path: string, where?: EventWindow): Promise<LoadResult> {
  return loadFeatureTable(database, table, { kind: 'csv', path, where }, { holder: 'test', now: Date.now });
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
    [{ entityKey: ['constructor'] }, /"constructor" is named as a key and is no column/],
    [{ unique: [['code'], ['code']] }, /the unique set code is there more than once/],
    [
      {
        unique: [
          ['code', 'kind'],
          ['kind', 'code'],
        ],
      },
      /the unique set code, kind is there more than once/,
    ],
    [{ unique: [['code', 'code']] }, /"code" is more than once in the unique set code, code/],
    [{ entityKey: ['store', 'store'] }, /"store" is in the entity key more than once/],
    [{ entityKey: ['store', 'at'], eventTime: 'at' }, /"at" is the event time and in the entity key/],
    [{ checks: [{ name: 'sales_range', sql: 'sales > 1' }] }, /two constraints are named "sales_range"/],
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

describe('a stored definition', () => {
  it('says its format, and one of a newer program is refused', async () => {
    const table = define();
    await ensureFeatureTable(database, table);
    const stored = 'FROM features._feature_table WHERE name = $1';
    const [row] = await database.query(`SELECT definition ${stored}`, [table.name]);
    expect(row).toEqual({ definition: { formatVersion: 1, ...table } });
    const change = `UPDATE features._feature_table SET definition = definition || $2 WHERE name = $1`;
    await database.execute(change, [table.name, '{"formatVersion": 2}']);
    const load = ensureFeatureTable(database, table);
    await expect(load).rejects.toMatchObject({ code: 'format_unsupported' });
    await expect(load).rejects.toThrow(/feature table definition/);
    await database.execute(change, [table.name, '{"formatVersion": 1, "owner": 7}']);
    await expect(ensureFeatureTable(database, table)).rejects.toMatchObject({ code: 'schema_mismatch' });
  });

  it('from before there was a format is brought up to date by a migration', async () => {
    const old = await createTestDatabase();
    const first = join(folder, 'migrations');
    await cp(fileURLToPath(featuresMigrations.folder), first, { recursive: true });
    const journal = { version: '7', dialect: 'postgresql' };
    const entry = {
      idx: 0,
      version: '7',
      when: 1_764_000_000_000,
      tag: '0000_feature_tables',
      breakpoints: true,
    };
    await writeFile(join(first, 'meta', '_journal.json'), JSON.stringify({ ...journal, entries: [entry] }));
    await migrate(old.database, { ...featuresMigrations, folder: pathToFileURL(`${first}/`) });
    const table = define();
    await old.database.execute('INSERT INTO features._feature_table (name, definition) VALUES ($1, $2)', [
      table.name,
      JSON.stringify(table),
    ]);
    await createRowsTable(old.database, table);
    await migrate(old.database, featuresMigrations);
    expect(await ensureFeatureTable(old.database, table)).toEqual({ created: false, migrated: [] });
    await old.drop();
  });
});

describe('names', () => {
  it('of a new column may begin one that is there', async () => {
    const table = define();
    const limits: FeatureColumn = { type: 'double', range: [0, 9], nullable: true };
    const narrow = { ...table, columns: { ...table.columns, temp_max: limits } };
    await ensureFeatureTable(database, narrow);
    const wide = { ...narrow, columns: { ...narrow.columns, temp: limits } };
    expect((await ensureFeatureTable(database, wide)).migrated).toEqual(['temp']);
    const tooMuch = `INSERT INTO features.${table.name} (store, at, kind, sales, temp, loaded_by) VALUES (1, now(), 'small', 5, 10, 1)`;
    await expect(database.execute(tooMuch)).rejects.toMatchObject({ details: { constraint: 'temp_range' } });
  });

  it.each(['xmin', 'ctid', 'superseded_by'])('of columns are not those of the storage: %s', (name) => {
    expect(() => define({ columns: { store: { type: 'long' }, [name]: { type: 'double' } } })).toThrow(
      expect.objectContaining({
        code: 'configuration_invalid',
        message: expect.stringContaining(`"${name}" is a name the storage takes for itself`) as string,
      }),
    );
  });

  it('of checks may be those that Postgres would choose', async () => {
    const name = `named_${tables}`;
    const table = define({ name, checks: [{ name: `${name}_check`, sql: 'returns <= sales' }] });
    expect(await ensureFeatureTable(database, table)).toEqual({ created: true, migrated: [] });
  });

  it('may be as long as Postgres allows, and differ in their last letter', async () => {
    const long = (last: string): string => 'n'.repeat(62) + last;
    const columns = Object.fromEntries(
      ['a', 'b'].map((last) => [long(last), { type: 'double', range: [0, 1] }]),
    );
    for (const last of ['a', 'b']) {
      const definition = { name: long(last), unique: [[long('a')]], entityKey: [long('a'), long('b')] };
      await ensureFeatureTable(
        database,
        define({ ...definition, eventTime: undefined, columns, checks: [] }),
      );
    }
    const [found] = await database.query<{ rules: number }>(
      "SELECT count(*)::int AS rules FROM pg_constraint WHERE contype = 'c' AND conrelid = $1::regclass",
      [quoteTable({ schema: 'features', table: long('b') })],
    );
    expect(found).toEqual({ rules: 5 });
  });

  it('of tables that begin alike do not share a staging table', async () => {
    const short = define();
    const tables = [`${short.name}_wide`, 't'.repeat(62) + 'a', 't'.repeat(62) + 'b'].map((name) =>
      define({ name }),
    );
    const staged = await Promise.all(tables.slice(0, 2).map((table) => createStaging(database, table)));
    await load(short, [row(1)]);
    await load(tables[2]!, [row(1)]);
    for (const staging of staged) await database.query(`DROP TABLE ${quoteTable(staging)}`);
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

  it('keeps a unique set unique beside stored rows, and lets two rows change places', async () => {
    const table = define({ unique: [['code']] });
    await load(table, [row(1, { code: 'AA' }), row(2, { code: 'BB' }), row(3, { code: null })]);
    const taken = load(table, [row(4, { code: 'AA' }), row(5, { code: 'BB' }), row(6, { code: null })]);
    expect(await violationsOf(taken)).toEqual([
      {
        constraint: 'unique_code',
        count: 2,
        share: 2 / 3,
        sampleKeys: [
          '{"at":"2026-01-01T04:00:00.000000Z","store":4}',
          '{"at":"2026-01-01T05:00:00.000000Z","store":5}',
        ],
      },
    ]);
    expect(await salesAt(table)).toEqual([10, 20, 30]);
    const swapped = [row(1, { code: 'BB' }), row(2, { code: 'AA' }), row(7, { code: null })];
    expect(await load(table, swapped)).toMatchObject({ inserted: 1, updated: 2 });
    expect(await load(table, swapped)).toMatchObject({ outcome: 'unchanged' });
  });

  it('waits for another load of the same table', async () => {
    const table = define();
    const results = await Promise.all([1, 2, 3, 4].map((store) => load(table, [row(store)])));
    const loads = results.map((result) => result.load).sort();
    expect(loads).toEqual([1, 2, 3, 4]);
    expect(await salesAt(table)).toEqual([10, 20, 30, 40]);
  });

  it('says once that it waits, and nothing when the table is free', async () => {
    const table = define();
    const said: string[] = [];
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const loadOne = (onWait: () => void): Promise<LoadResult> =>
      loadFeatureTable(
        database,
        table,
        { kind: 'rows', rows: [row(1)], description: 'made up' },
        { holder: 'test', now: Date.now, onWait },
      );
    let loaded: Promise<LoadResult> | undefined;
    await withLease(database, { name: `features:${table.name}`, holder: 'another' }, async () => {
      loaded = loadOne(() => {
        said.push('waits');
        release();
      });
      await released;
    });
    expect(await loaded).toMatchObject({ outcome: 'loaded' });
    await loadOne(() => void said.push('waits again'));
    expect(said).toEqual(['waits']);
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

  it('is refused with every violation, whatever its kind: cells, rows and keys', async () => {
    const table = define();
    const at = '2026-01-01T00:00:00Z';
    const lines = [
      `1,${at},small,AB,5,`,
      `2,${at},small,AB,many,`, // a bad cell, and nothing else: its column is not NULL, it is unknown
      `3,${at},small,AB,-1,`,
      `4,${at},medium,AB,2000000,`, // two violations in one row
      `5,${at},small,AB,5,`,
      `5,${at},small,AB,6,`,
      `6,yesterday,medium,AB,5,`, // a bad cell does not hide the others of its row
      `7,yesterday,small,AB,5,`,
      `7,yesterday,small,AB,5,`,
      `8,,small,AB,5,`,
      `9,${at},small`,
      `10,${at},small,AB,1,2`,
    ];
    const path = await write([header, ...lines, ''].join('\n'));
    const violations = await violationsOf(loadFile(table, path));
    const key = (store: number): string => `{"at":"2026-01-01T00:00:00.000000Z","store":${store}}`;
    const found = (constraint: string, count: number, sampleKeys: string[]): Violation => ({
      constraint,
      count,
      share: count / 12,
      sampleKeys,
    });
    expect(violations).toEqual([
      found('sales_type_double', 1, ['line 3']),
      found('at_type_datetime', 3, ['line 8', 'line 9', 'line 10']),
      found('column_count', 1, ['line 12']),
      found('at_not_null', 1, ['line 11']),
      found('kind_enum', 2, [key(4), 'line 8']),
      found('sales_range', 2, [key(3), key(4)]),
      found('returns_below_sales', 1, [key(10)]),
      found('row_key_unique', 2, [key(5)]),
    ]);
    expect(await featureTableStatus(database, table)).toMatchObject({ rows: 0, watermark: 0 });
    const [kept] = await database.query(
      'SELECT violations, row_count::int AS rows FROM features._reject WHERE feature_table = $1',
      [table.name],
    );
    expect(kept).toEqual({ violations, rows: 12 });
    expect(await database.query("SELECT FROM pg_tables WHERE tablename LIKE '\\_staging%'")).toEqual([]);
  });

  it('longer than a batch is counted to its end', async () => {
    const lines = Array.from({ length: 45_000 }, (_, n) => `${n % 900},2026-01-01T00:00:00Z,small,AB,x,`);
    const path = await write([header, ...lines, ''].join('\n'));
    const violations = await violationsOf(loadFile(define(), path));
    expect(violations.map(({ constraint, count }) => [constraint, count])).toEqual([
      ['sales_type_double', 45_000],
      ['store_range', 50],
      ['row_key_unique', 45_000],
    ]);
    expect(violations.every(({ sampleKeys }) => sampleKeys.length <= 5)).toBe(true);
  });

  it('is judged within its window; a row without event time is in every window', async () => {
    const lines = [`1,${'2026-01-01T00:00:00Z'},small,AB,x,`, `2,2026-01-01T02:00:00Z,small,AB,5,`];
    const where = { column: 'at', from: hour(1), to: hour(3) };
    const good = await write([header, ...lines, ''].join('\n'));
    expect(await loadFile(define(), good, where)).toMatchObject({ outcome: 'loaded', inserted: 1 });
    const bad = await write([header, ...lines, '3,,small,AB,5,', ''].join('\n'));
    expect(await violationsOf(loadFile(define(), bad, where))).toMatchObject([
      { constraint: 'at_not_null', count: 1, share: 0.5, sampleKeys: ['line 4'] },
    ]);
  });

  it('whose quote is never closed is refused before it fills the memory', async () => {
    const path = await write(
      `${header}\n1,2026-01-01,"small,AB,5,\n${'2,2026-01-01,small,AB,5,\n'.repeat(60_000)}`,
    );
    const read = readFeatureFile(define(), { path });
    await expect(read).rejects.toMatchObject({ code: 'file_unreadable' });
    await expect(read).rejects.toThrow(/CSV_MAX_RECORD_SIZE/);
  });

  it.each([
    '2011-02-28',
    '2012-02-29 23:59:59.999999',
    '1969-12-31T23:59:59.999999Z',
    '1700-01-01T00:00:00.000001Z',
    '2255-06-05T23:47:34.740991Z',
    '2026-03-29T02:30:00+02:00',
    '2026-03-29T02:30-1130',
  ])('has times as Postgres reads them: %s', async (text) => {
    const path = await write(`${header}\n1,${text},small,AB,5,\n`);
    const batch = await readFeatureFile(define(), { path });
    const [expected] = await database.query<{ time: string }>(
      `SELECT (extract(epoch FROM ($1 || CASE WHEN $1 ~ '[T ].*(Z|[+-][0-9:]+)$' THEN '' ELSE ' UTC' END)::timestamptz) * 1000000)::bigint AS time`,
      [text],
    );
    expect(getNumericColumn(batch, 'at').values[0]).toBe(Number(expected?.time));
  });

  it.each([
    '2011-02-30',
    '2011-02-29',
    '2011-13-01',
    '2011-00-10',
    '2011-01-00',
    '2011-01-01T24:00:00Z',
    '2011-01-01T00:60:00Z',
    '2011-01-01T00:00:60Z',
    '2011-01-01T00:00:00+16:00',
    '2011-01-01T00:00:00+01:60',
    '2011-1-1',
    '7',
    'infinity',
    '0050-03-01', // real, and beyond what 2^53 microseconds can say
    '0000-01-01',
    '9999-12-31',
    '2255-06-05T23:47:34.740992Z',
  ])('with the time %s is refused', async (text) => {
    const path = await write(`${header}\n1,${text},small,AB,5,\n`);
    await expect(readFeatureFile(define(), { path })).rejects.toMatchObject({ code: 'data_rejected' });
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
