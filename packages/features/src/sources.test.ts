import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { batchFromRows, rowCells, type CellValue, type SlipwayError } from '@slipway/contracts';
import { connectDatabase, migrate, readBatch, writeBatch, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineFeatureTable,
  ensureFeatureTable,
  featureRelation,
  featuresMigrations,
  loadFeatureTable,
  readFeatureFile,
  type EventWindow,
  type FeatureRow,
  type FeatureSource,
  type FeatureTable,
  type FeatureTableInput,
  type LoadResult,
  type Violation,
} from './index.ts';
import { findStoredDefinition } from './stored-definition.ts';

let test: TestDatabase;
let database: Database;
let folder: string;
let tables = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
  folder = await mkdtemp(join(tmpdir(), 'slipway-sources-'));
});
afterAll(async () => {
  await test.drop();
  await rm(folder, { recursive: true });
});

const columns: FeatureTableInput['columns'] = {
  store: { type: 'long' },
  at: { type: 'datetime', nullable: true },
  kind: { type: 'string', nullable: true },
  sales: { type: 'double', nullable: true },
  open: { type: 'boolean', nullable: true },
};
const specs = Object.entries(columns).map(([name, { type }]) => ({ name, type }));

function define(change: Partial<FeatureTableInput> = {}): FeatureTable {
  tables += 1;
  return defineFeatureTable({
    name: `stores_${tables}`,
    owner: 'shops',
    entityKey: ['store'],
    columns,
    ...change,
  });
}

const load = (table: FeatureTable, source: FeatureSource): Promise<LoadResult> =>
  loadFeatureTable(database, table, source, { holder: 'test', now: () => 1_767_225_600_000 });
const loadRows = (
  table: FeatureTable,
  rows: Iterable<FeatureRow> | AsyncIterable<FeatureRow>,
): Promise<LoadResult> => load(table, { kind: 'rows', rows, description: 'a program' });
const loadQuery = (table: FeatureTable, sql: string): Promise<LoadResult> =>
  load(table, { kind: 'query', sql, description: 'a query' });

async function stored(table: FeatureTable): Promise<Record<string, CellValue>[]> {
  const relation = await featureRelation(database, table);
  const batch = await readBatch(database, { ...relation, orderBy: table.entityKey });
  return Array.from({ length: batch.rowCount }, (_, row) => rowCells(batch, row));
}

/** What a load is refused with: constraint, count and places. */
async function violationsOf(loaded: Promise<LoadResult>): Promise<[string, number, readonly string[]][]> {
  const error: unknown = await loaded.catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'data_rejected' });
  const { violations } = (error as SlipwayError).details as { violations: readonly Violation[] };
  return violations.map(({ constraint, count, sampleKeys }) => [constraint, count, sampleKeys]);
}

async function expectNoStaging(): Promise<void> {
  const left = await database.query(
    "SELECT FROM pg_tables WHERE schemaname = 'features' AND starts_with(tablename, '_staging') OR starts_with(tablename, '_query')",
  );
  expect(left).toEqual([]);
}

describe('the same rows from any source', () => {
  const cells = fc.record({
    at: fc.option(fc.maxSafeInteger()),
    kind: fc.option(fc.string({ unit: 'grapheme' }).filter((text) => text !== '' && !text.includes('\0'))),
    sales: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    open: fc.option(fc.boolean()),
  });

  it('are the same content', async () => {
    const property = fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 5 }), async (list) => {
      const rows = list.map((cell, index) => ({ ...cell, store: index - 2 }));
      const table = define();
      const batch = batchFromRows(rows, specs);
      const first = await load(table, { kind: 'batch', batch, description: 'a batch' });
      expect(first).toMatchObject({ outcome: 'loaded', inserted: rows.length });
      const unchanged = { outcome: 'unchanged', load: 1, rows: rows.length };
      expect(await loadRows(table, rows.toReversed())).toEqual(unchanged);
      expect(await loadRows(table, streamed(rows))).toEqual(unchanged);
      tables += 1;
      await database.execute(
        `CREATE TABLE copy_${tables} (open boolean, sales float8, kind text, at timestamptz, store bigint)`,
      );
      await writeBatch(database, { schema: 'public', table: `copy_${tables}` }, batch);
      expect(await loadQuery(table, `SELECT * FROM copy_${tables} -- all`)).toEqual(unchanged);
    });
    await fc.assert(property, { numRuns: 15, seed: 20_261_125 });
  });
});

async function* streamed(rows: readonly FeatureRow[]): AsyncGenerator<FeatureRow> {
  for (const row of rows) yield row;
}

describe('a batch', () => {
  const batch = (names: readonly string[]): FeatureSource => ({
    kind: 'batch',
    batch: {
      rowCount: 1,
      columns: names.map((name) => ({ name, type: 'double', values: Float64Array.of(NaN) })),
    },
    description: 'a batch',
  });
  const small = {
    columns: { store: { type: 'double' }, sales: { type: 'double', nullable: true } },
  } as const;

  it('may have surplus columns, and has NaN for NULL', async () => {
    const table = define(small);
    const loaded = load(table, batch(['surplus', 'store', 'sales']));
    expect(await violationsOf(loaded)).toEqual([['store_not_null', 1, ['{"store":null}']]]);
  });

  it('without a column is refused with what to do', async () => {
    const loaded = load(define(small), batch(['store']));
    await expect(loaded).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(loaded).rejects.toThrow(
      /expected column "sales" of type double.*Give the batch every column/,
    );
  });
});

describe('a window', () => {
  it.each([
    ['att', /cannot be limited by "att": expected at, received no such column\. Did you mean "at"\?/],
    ['constructor', /received no such column/],
    ['kind', /received a column of type string\. Name a column of type datetime/],
  ])('of the column %s, which has no times, is refused for every kind of file', async (column, message) => {
    const csv = join(folder, 'window.csv');
    await writeFile(csv, 'store,at,kind,sales,open\n1,2026-01-01,a,1,t\n');
    const where = { column, from: Date.UTC(2027, 0) * 1000 };
    for (const source of [
      { kind: 'csv', path: csv, where },
      { kind: 'parquet', path: csv, where },
    ] as const) {
      const table = define();
      await expect(load(table, source)).rejects.toMatchObject({ code: 'schema_mismatch' });
      await expect(load(table, source)).rejects.toThrow(message);
      // Not even made.
      expect(await findStoredDefinition(database, table.name)).toBeUndefined();
    }
  });
});

describe('the ends of a window', () => {
  it.each([
    [{ from: NaN }, /has an end that is no time/],
    [{ to: '2027-01-01' }, /has an end that is no time/],
    [{ from: null }, /has an end that is no time/],
    [{ from: 5, to: 4 }, /holds no time: expected "from" before "to"/],
    [{ from: 5, to: 5 }, /holds no time/],
  ])('are refused when no row could lie between: %j', async (ends, message) => {
    const csv = join(folder, 'ends.csv');
    await writeFile(csv, 'store,at,kind,sales,open\n1,2026-01-01,a,1,t\n');
    const where = { column: 'at', ...ends } as unknown as EventWindow;
    const table = define();
    const refused = { code: 'invalid_argument', message: expect.stringMatching(message) as string };
    await expect(load(table, { kind: 'csv', path: csv, where })).rejects.toMatchObject(refused);
    await expect(readFeatureFile(table, { path: csv, where })).rejects.toMatchObject(refused);
    await expect(featureRelation(database, table, { where })).rejects.toMatchObject(refused);
    expect(await findStoredDefinition(database, table.name)).toBeUndefined();
  });

  it('are refused for the relation of a table without an event time, which would have all of its rows', async () => {
    const table = defineFeatureTable({
      name: 'timeless',
      owner: 'tests',
      entityKey: ['store'],
      columns: { store: { type: 'long' } },
    });
    await ensureFeatureTable(database, table);
    await expect(featureRelation(database, table, { where: { from: 0 } })).rejects.toMatchObject({
      code: 'schema_mismatch',
    });
  });
});

describe('rows of a program', () => {
  it('may hold bigints, dates and ISO times; a missing key is NULL', async () => {
    const table = define();
    await loadRows(table, [
      { store: 1n, at: new Date('2026-01-01T00:00:00.001Z'), open: 1 },
      { store: 2, at: '2026-01-01T01:00:00.000001+01:00', sales: 7n, kind: undefined },
    ]);
    expect(await stored(table)).toEqual([
      { store: 1, at: 1_767_225_600_001_000, kind: null, sales: null, open: true },
      { store: 2, at: 1_767_225_600_000_001, kind: null, sales: 7, open: null },
    ]);
  });

  it('that do not fit their types are refused with the numbers of their rows', async () => {
    const wrong = [
      { store: 1, sales: NaN },
      { store: 2 ** 53, sales: Infinity },
      { store: 2n ** 53n, at: new Date(NaN) },
      { store: 4, kind: '\ud800' },
      { store: 5, kind: 'a\0b', open: 'yes' },
      { store: 6, at: 'yesterday', sales: 'many' },
      // The first is a double, the second would be rounded to it.
      { store: 7, sales: 2n ** 53n },
      { store: 8, sales: 2n ** 53n + 1n },
    ] as FeatureRow[];
    expect(await violationsOf(loadRows(define(), wrong))).toEqual([
      ['sales_type_double', 4, ['row 1', 'row 2', 'row 6', 'row 8']],
      ['store_type_long', 2, ['row 2', 'row 3']],
      ['at_type_datetime', 2, ['row 3', 'row 6']],
      ['kind_type_string', 2, ['row 4', 'row 5']],
      ['open_type_boolean', 1, ['row 5']],
    ]);
  });

  it.each<[string, unknown[], RegExp]>([
    [
      'a key that no column has',
      [{ store: 1 }, { store: 2, salse: 3 }],
      /Row 2 .* "salse".*Did you mean "sales"/,
    ],
    ['no object', [7], /Row 1 .* is no row/],
    ['a list', [[1, 2]], /Row 1 .* is no row/],
    ['a name that every object has', [{ store: 1, constructor: 1 }], /"constructor"/],
  ])('with %s are refused at once', async (_, rows, message) => {
    const loaded = loadRows(define(), rows as FeatureRow[]);
    await expect(loaded).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(loaded).rejects.toThrow(message);
  });

  it('that end in an error leave nothing behind', async () => {
    const table = define();
    const broken = async function* (): AsyncGenerator<FeatureRow> {
      for (let store = 0; store < 45_000; store += 1) yield { store };
      throw new Error('the source broke');
    };
    await expect(loadRows(table, broken())).rejects.toThrow('the source broke');
    expect(await stored(table)).toEqual([]);
    await expectNoStaging();
    expect(await loadRows(table, [])).toEqual({ outcome: 'unchanged', load: 0, rows: 0 });
  });

  it('are not merged into a table whose definition was changed meanwhile', async () => {
    const table = define();
    await loadRows(table, [{ store: 1 }]);
    const wider = { ...table, columns: { ...table.columns, extra: { type: 'long', nullable: true } } };
    const rows = async function* (): AsyncGenerator<FeatureRow> {
      yield { store: 2 };
      await ensureFeatureTable(database, defineFeatureTable(wider as FeatureTableInput));
    };
    await expect(loadRows(table, rows())).rejects.toThrow(/changed by somebody else during this load/);
    expect(await stored(table)).toHaveLength(1);
  });
});

describe('a query', () => {
  it('is read with its types, times without a zone as UTC, whatever zone the database is set to', async () => {
    const table = define();
    await database.execute(
      `ALTER DATABASE ${new URL(test.url).pathname.slice(1)} SET TimeZone = 'Asia/Tokyo'`,
    );
    const sql = `SELECT 1::smallint AS store, timestamp '2026-01-01 00:00:00.000001' AS at, 'x'::varchar AS kind, 0.1::numeric AS sales, $1::boolean AS open
      UNION ALL SELECT 2, date '2026-01-02', NULL, 5, NULL`;
    // The setting counts for new sessions.
    const other = await connectDatabase({ url: test.url });
    const [{ TimeZone: zone } = {}] = await other.query<{ TimeZone?: string }>('SHOW TimeZone');
    expect(zone).toBe('UTC');
    const source = { kind: 'query', sql, parameters: ['true'], description: 'a query' } as const;
    await loadFeatureTable(other, table, source, { holder: 'test', now: Date.now });
    await other.close();
    expect(await stored(table)).toEqual([
      { store: 1, at: 1_767_225_600_000_001, kind: 'x', sales: 0.1, open: true },
      { store: 2, at: 1_767_312_000_000_000, kind: null, sales: 5, open: null },
    ]);
    expect(
      await database.query('SELECT source FROM features._load WHERE feature_table = $1', [table.name]),
    ).toEqual([{ source: 'a query' }]);
  });

  it('has integers as doubles when these hold them whole, and decimals as the nearest double', async () => {
    const numbers = (type: string, values: readonly string[]): string =>
      `SELECT row_number() OVER () AS store, NULL::timestamptz AS at, NULL::text AS kind, sales::${type}, true AS open
       FROM unnest(ARRAY[${values.map((value) => `'${value}'`).join(', ')}]::${type}[]) WITH ORDINALITY AS given (sales, place)`;
    const [bigints, decimals] = [define(), define()];
    const whole = ['9007199254740992', '-9007199254740994', '1152921504606846976', '-9223372036854775808'];
    await loadQuery(bigints, numbers('bigint', whole));
    expect((await stored(bigints)).map(({ sales }) => sales)).toEqual(whole.map(Number));
    const rounded = ['9007199254740993', '1', '-9007199254740993', '9223372036854775807'];
    expect(await violationsOf(loadQuery(define(), numbers('bigint', rounded)))).toEqual([
      ['sales_type_double', 3, ['row 1', 'row 3', 'row 4']],
    ]);
    // As the text of a CSV file.
    const near = [
      '0.1',
      '9007199254740993',
      '1e-400',
      '-2.4e-324',
      '2.5e-324',
      '1.7976931348623158e308',
      '-1.7976931348623158e308',
    ];
    await loadQuery(decimals, numbers('numeric', near));
    expect((await stored(decimals)).map(({ sales }) => sales)).toEqual(near.map((text) => Number(text) + 0));
    expect(
      await violationsOf(
        loadQuery(
          define(),
          numbers('numeric', ['1e400', '-1e400', 'NaN', 'Infinity', '1.7976931348623159e308']),
        ),
      ),
    ).toEqual([['sales_type_double', 5, ['row 1', 'row 2', 'row 3', 'row 4', 'row 5']]]);
    const constant = "SELECT 1 AS store, NULL::timestamptz AS at, 'a' AS kind, 1e400 AS sales, true AS open";
    expect(await violationsOf(loadQuery(define(), constant))).toEqual([['sales_type_double', 1, ['row 1']]]);
  });

  it('may have more columns than a function of Postgres takes arguments', async () => {
    const names = Array.from({ length: 120 }, (_, place) => `c${place}`);
    const doubles = Object.fromEntries(names.map((name) => [name, { type: 'double' as const }]));
    const table = define({
      eventTime: undefined,
      unique: [],
      checks: [],
      columns: { store: { type: 'long' }, ...doubles },
    });
    const sql = `SELECT 1 AS store, ${names.map((name) => `0.5 AS ${name}`).join(', ')}`;
    const source = { kind: 'query', sql, description: 'a query' } as const;
    expect(await load(table, source)).toMatchObject({ outcome: 'loaded', inserted: 1 });
  });

  it('with values that no column holds is refused with the numbers of its rows', async () => {
    const sql = `SELECT * FROM (VALUES
      (9007199254740991, 'infinity'::timestamptz, 'NaN'::float8), (9007199254740992, NULL, 1), (-9007199254740992, '1684-07-28 00:12:25.259009Z', 'Infinity'),
      (4, '1684-07-28 00:12:25.259008Z', '-Infinity'), (5, '2255-06-05 23:47:34.740991Z', 5), (NULL, '-infinity', NULL))
      AS rows (store, at, sales), (VALUES (NULL::text, NULL::boolean)) AS rest (kind, open)`;
    expect(await violationsOf(loadQuery(define(), sql))).toEqual([
      ['store_type_long', 2, ['row 2', 'row 3']],
      ['at_type_datetime', 3, ['row 1', 'row 4', 'row 6']],
      ['sales_type_double', 3, ['row 1', 'row 3', 'row 4']],
      ['store_not_null', 1, ['row 6']],
    ]);
    await expectNoStaging();
  });

  it.each([
    [
      'other columns',
      'SELECT 1 AS store, 2 AS extra',
      'schema_mismatch',
      /no column "at"; .*"extra", which is no column/,
    ],
    [
      'another type',
      "SELECT '1' AS store, now() AS at, 'x' AS kind, 1 AS sales, 1 AS open",
      'schema_mismatch',
      /"store" of type text; "open" of type integer\. .*cast/,
    ],
    ['a mistake', 'SELEC 1', 'database_query_failed', /syntax error/],
    [
      'a statement that writes',
      'DELETE FROM features._load RETURNING 1',
      'database_query_failed',
      /syntax error/,
    ],
  ])('with %s is refused', async (_, sql, code, message) => {
    const loaded = loadQuery(define(), sql);
    await expect(loaded).rejects.toMatchObject({ code });
    await expect(loaded).rejects.toThrow(message);
    await expectNoStaging();
  });
});

describe('a Parquet file written by pyarrow', () => {
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`__fixtures__/${name}.parquet`, import.meta.url));
  const parquet = (path: string): FeatureSource => ({ kind: 'parquet', path });
  const flat: Partial<FeatureTableInput> = {
    eventTime: 'at',
    columns: {
      store: { type: 'long' },
      at: { type: 'datetime' },
      day: { type: 'datetime', nullable: true },
      kind: { type: 'string', nullable: true },
      sales: { type: 'double', nullable: true },
      pieces: { type: 'long', nullable: true },
      open: { type: 'boolean', nullable: true },
    },
  };
  const at = (n: number): number => 1_767_225_600_000_000 + n;
  /** The values of __fixtures__/write_parquet.py. */
  const expected = [
    { store: 1, at: at(1), day: -86_400e6, kind: 'small', sales: 0.1, pieces: 1, open: true },
    { store: 2, at: at(2), day: 86_400e6, kind: 'größer 😀', sales: -2.5e300, pieces: null, open: false },
    { store: 3, at: at(3), day: null, kind: null, sales: null, pieces: -3, open: null },
    { store: 4, at: at(4), day: 1_772_323_200e6, kind: '', sales: 5e-324, pieces: 2 ** 31 - 1, open: true },
    { store: 5, at: at(5), day: 1_772_323_200e6, kind: 'small', sales: 0, pieces: 0, open: true },
  ];

  it.each(['flat-none', 'flat-snappy', 'flat-gzip', 'flat-zstd', 'flat-brotli', 'flat-old'])(
    'has its values: %s',
    async (name) => {
      const table = define(flat);
      expect(await load(table, parquet(fixture(name)))).toMatchObject({ outcome: 'loaded', inserted: 5 });
      expect(await stored(table)).toEqual(expected);
    },
  );

  it('of many pages and row groups keeps every value in its row', async () => {
    const nullable = true;
    const table = define({
      columns: {
        store: { type: 'long' },
        sales: { type: 'double', nullable },
        kind: { type: 'string', nullable },
      },
    });
    await load(table, parquet(fixture('many-pages')));
    const rows = Array.from({ length: 1000 }, (_, n) => ({
      store: n,
      sales: n % 7 === 0 ? null : n / 8,
      kind: `k${n % 3}`,
    }));
    expect(await stored(table)).toEqual(rows);
  });

  it('is loaded within its window', async () => {
    const table = define(flat);
    const where = { column: 'at', from: at(2), to: at(4) };
    await load(table, { kind: 'parquet', path: fixture('flat-snappy'), where });
    expect((await stored(table)).map(({ store }) => store)).toEqual([2, 3]);
  });

  it('with values that no column holds is refused with the numbers of its rows', async () => {
    const table = define({
      entityKey: ['longs'],
      columns: {
        longs: { type: 'long' },
        doubles: { type: 'double', nullable: true },
        texts: { type: 'string', nullable: true },
        times: { type: 'datetime', nullable: true },
      },
    });
    expect(await violationsOf(load(table, parquet(fixture('odd-values'))))).toEqual([
      ['doubles_type_double', 2, ['row 2', 'row 3']],
      ['texts_type_string', 2, ['row 2', 'row 3']],
      ['times_type_datetime', 2, ['row 2', 'row 4']],
      ['longs_type_long', 2, ['row 3', 'row 4']],
    ]);
  });

  it('with other, nested or decimal columns is refused, each named', async () => {
    const column = { type: 'double', nullable: true } as const;
    const table = define({
      columns: { store: { type: 'boolean' }, list: column, struct: column, price: column, other: column },
    });
    const loaded = load(table, parquet(fixture('wrong-columns')));
    await expect(loaded).rejects.toMatchObject({ code: 'schema_mismatch' });
    await expect(loaded).rejects.toThrow(
      'no column "other"; "store" of type INT64; "list" nested, and only flat columns can be read; "struct" nested, and only flat columns can be read; "price" of type FIXED_LEN_BYTE_ARRAY DECIMAL; "surplus", which is no column of it',
    );
  });

  it('that cannot be read is refused, and leaves nothing', async () => {
    const whole = await readFile(fixture('flat-snappy'));
    const damaged = Buffer.from(whole).fill(0xff, 40, 200);
    const files = {
      empty: Buffer.alloc(0),
      text: Buffer.from('store,at\n1,2'),
      cut: whole.subarray(0, -100),
      damaged,
    };
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, `${name}.parquet`);
      await writeFile(path, content);
      const loaded = load(define(flat), parquet(path));
      await expect(loaded, name).rejects.toMatchObject({ code: 'file_unreadable' });
      await expect(loaded, name).rejects.toThrow(`${name}.parquet cannot be read as Parquet`);
    }
    const loaded = load(define(flat), parquet(fixture('flat-lz4')));
    await expect(loaded).rejects.toThrow(/LZ4.*snappy, gzip, zstd or brotli/);
    await expect(load(define(flat), parquet(join(folder, 'none')))).rejects.toMatchObject({
      code: 'file_not_found',
    });
    await expectNoStaging();
  });
});
