import { batchFromRows, type CellValue } from '@slipway/contracts';
import { migrate, quoteTable, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineFeatureTable,
  ensureFeatureTable,
  featuresMigrations,
  loadFeatureTable,
  type FeatureTable,
  type FeatureTableInput,
  type LoadResult,
} from './index.ts';

let test: TestDatabase;
let database: Database;
let tables = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
});
afterAll(() => test.drop());

type Row = Record<string, CellValue>;
type Columns = FeatureTableInput['columns'];
type Change = (table: FeatureTable) => Partial<FeatureTableInput>;

const columns: Columns = {
  store: { type: 'long' },
  kind: { type: 'string', enum: ['small', 'large'] },
  code: { type: 'string', pattern: '^[A-Z]{2}$' },
  sales: { type: 'double', range: [0, 100] },
};

function define(change: Partial<FeatureTableInput> = {}): FeatureTable {
  tables += 1;
  return defineFeatureTable({
    name: `shops_${tables}`,
    owner: 'shops',
    entityKey: ['store'],
    columns,
    unique: [['code']],
    checks: [{ name: 'small_sells_little', sql: "kind <> 'small' OR sales <= 50" }],
    ...change,
  });
}

const changed = (table: FeatureTable, change: Partial<FeatureTableInput>): FeatureTable =>
  defineFeatureTable({ ...table, ...change } as FeatureTableInput);
const withColumn = (name: string, change: object): Change =>
  ((table) => ({
    columns: { ...table.columns, [name]: { ...table.columns[name], ...change } },
  })) as Change;

const row = (store: number, change: Row = {}): Row => ({
  store,
  kind: 'small',
  code: `A${String.fromCharCode(64 + store)}`,
  sales: 10,
  ...change,
});

function load(table: FeatureTable, rows: readonly Row[]): Promise<LoadResult> {
  const specs = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const source = { kind: 'batch', batch: batchFromRows(rows, specs), description: 'made up' } as const;
  return loadFeatureTable(database, table, source, { holder: 'test', now: () => 1_767_225_600_000 });
}

/** What Postgres itself enforces on a table, without the table's name and the order of columns in an index. */
async function enforced(table: FeatureTable): Promise<string[]> {
  const rows = await database.query<{ rule: string }>(
    `SELECT conname || ' ' || pg_get_constraintdef(oid) AS rule FROM pg_constraint WHERE conrelid = $1::regclass
     UNION ALL SELECT regexp_replace(indexdef, '^.* USING', '') FROM pg_indexes WHERE schemaname = 'features' AND tablename = $2
     UNION ALL SELECT attname || ' ' || format_type(atttypid, NULL) FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [quoteTable({ schema: 'features', table: table.name }), table.name],
  );
  const sorted = (list: string): string => list.split(', ').sort().join(', ');
  return rows
    .map(({ rule }) => rule.replaceAll(table.name, 'it'))
    .map((rule) => rule.replace(/^ btree \((.*?)\)/, (_, list: string) => ` btree (${sorted(list)})`))
    .sort();
}

describe('a table whose first load was refused', () => {
  it('has nothing that a new definition could break, and keeps the report', async () => {
    const table = define();
    await expect(load(table, [row(1, { sales: -1 })])).rejects.toMatchObject({ code: 'data_rejected' });
    const other = changed(table, {
      entityKey: ['shop'],
      eventTime: 'day',
      columns: { shop: { type: 'string' }, day: { type: 'datetime' }, sales: { type: 'long' } },
      unique: [],
      checks: [],
    });
    expect(await ensureFeatureTable(database, other)).toEqual({ created: true, migrated: [] });
    expect(await ensureFeatureTable(database, other)).toEqual({ created: false, migrated: [] });
    expect(await load(other, [{ shop: 'a', day: 0, sales: -1 }])).toMatchObject({
      outcome: 'loaded',
      load: 1,
    });
    const kept = await database.query('SELECT FROM features._reject WHERE feature_table = $1', [table.name]);
    expect(kept).toHaveLength(1);
  });

  it('is bound by its definition from the first row on', async () => {
    const table = define();
    await load(table, [row(1)]);
    await load(table, [row(1, { sales: 11 })]);
    await database.execute(`DELETE FROM features.${table.name}`);
    const other = changed(table, withColumn('sales', { type: 'long' })(table));
    // The rows are gone, and the loads that a model was trained at are not.
    await expect(ensureFeatureTable(database, other)).rejects.toMatchObject({
      code: 'schema_change_breaking',
    });
  });
});

describe('a change that stored rows allow', () => {
  it.each<[string, Change, string[], Row]>([
    [
      'a new nullable column',
      withColumn('visitors', { type: 'long', nullable: true }),
      ['visitors'],
      { visitors: 7 },
    ],
    [
      'a new column with a name that every object has',
      withColumn('constructor', { type: 'long', nullable: true }),
      ['constructor'],
      { constructor: 7 } as unknown as Row,
    ],
    [
      'an enum with one value more',
      withColumn('kind', { enum: ['small', 'large', 'huge'] }),
      ['kind_enum'],
      { kind: 'huge' },
    ],
    ['no enum', withColumn('kind', { enum: undefined }), ['kind_enum'], { kind: 'huge' }],
    ['a wider range', withColumn('sales', { range: [-1, 100] }), ['sales_range'], { sales: -1 }],
    ['no range', withColumn('sales', { range: undefined }), ['sales_range'], { sales: -5 }],
    ['a column that may be empty', withColumn('code', { nullable: true }), ['code_not_null'], { code: null }],
    ['no pattern', withColumn('code', { pattern: undefined }), ['code_pattern'], { code: 'x' }],
    ['another pattern', withColumn('code', { pattern: '^A.*$' }), ['code_pattern'], { code: 'A long one' }],
    ['no unique set', () => ({ unique: [] }), ['unique_code'], { code: 'AA' }],
    ['no check', () => ({ checks: [] }), ['small_sells_little'], { sales: 99 }],
  ])('is made: %s', async (_, change, migrated, fitsOnlyThen) => {
    const table = define();
    await load(table, [row(1)]);
    const next = changed(table, change(table));
    expect(await ensureFeatureTable(database, next)).toEqual({ created: false, migrated });
    expect(await ensureFeatureTable(database, next)).toEqual({ created: false, migrated: [] });
    expect(await load(next, [row(2, fitsOnlyThen)])).toMatchObject({ load: 2, inserted: 1 });
    expect(await enforced(next)).toEqual(await enforced(await fresh(next)));
  });

  it('touches nothing stored when only texts change', async () => {
    const table = define();
    await load(table, [row(1)]);
    const next = changed(table, { owner: 'sales', ...withColumn('sales', { unit: 'EUR' })(table) });
    expect(await ensureFeatureTable(database, next)).toEqual({ created: false, migrated: [] });
    expect(await load(next, [row(1)])).toEqual({ outcome: 'unchanged', load: 1, rows: 1 });
  });
});

async function fresh(table: FeatureTable): Promise<FeatureTable> {
  const copy = define(table as FeatureTableInput);
  const named = changed(table, { name: `fresh_of_${copy.name}_${tables}` });
  await ensureFeatureTable(database, named);
  return named;
}

describe('a change that stored rows do not allow', () => {
  it.each<[string, Change, RegExp]>([
    [
      'a column gone',
      ({ columns: { store, kind, code } }) => ({
        columns: { store: store!, kind: kind!, code: code! },
        checks: [],
      }),
      /column "sales": double -> no such column/,
    ],
    ['another type', withColumn('sales', { type: 'long' }), /column "sales": double -> long/],
    [
      'a new column that is required',
      withColumn('day', { type: 'datetime' }),
      /column "day": no such column -> datetime, not null/,
    ],
    ['another key', () => ({ entityKey: ['code'] }), /row key: store -> code/],
    [
      'a range too narrow',
      withColumn('sales', { range: [0, 9.5] }),
      /sales_range: range 0 to 100 -> range 0 to 9.5 \(2 stored rows/,
    ],
    [
      'an enum without a stored value',
      withColumn('kind', { enum: ['large'] }),
      /kind_enum: enum small, large -> enum large \(3 stored rows/,
    ],
    [
      'a pattern that stored rows break',
      withColumn('code', { pattern: '^B' }),
      /code_pattern: pattern \^\[A-Z\]\{2\}\$ -> pattern \^B \(3 stored rows/,
    ],
    [
      'a check that stored rows break',
      () => ({ checks: [{ name: 'small_sells_little', sql: 'sales > 50' }] }),
      /small_sells_little: kind <> 'small' OR sales <= 50 -> sales > 50 \(3 stored/,
    ],
    [
      'a unique set that rows share',
      () => ({ unique: [['code'], ['sales']] }),
      /unique set sales: none -> unique \(2 stored rows/,
    ],
  ])('is refused with its old and new value: %s', async (_, change, message) => {
    const table = define();
    await load(table, [row(1), row(2, { sales: 9 })]);
    await load(table, [row(2)]);
    const before = await enforced(table);
    // Good changes beside a refused one are not made either.
    const next = changed(table, {
      ...change(table),
      columns: {
        ...(change(table).columns ?? table.columns),
        visitors: { type: 'long', nullable: true, range: [0, 9] },
      },
    });
    const refused = ensureFeatureTable(database, next);
    await expect(refused).rejects.toMatchObject({ code: 'schema_change_breaking' });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow(/give the table a new name/);
    expect(await enforced(table)).toEqual(before);
    expect(await load(table, [row(3)])).toMatchObject({ outcome: 'loaded' });
  });
});

describe('two processes at once', () => {
  it('make one change once, and different ones in turn', async () => {
    const table = define();
    await load(table, [row(1)]);
    const wider = changed(table, withColumn('kind', { enum: ['small', 'large', 'huge'] })(table));
    const same = await Promise.all([1, 2, 3].map(() => ensureFeatureTable(database, wider)));
    expect(same.map(({ migrated }) => migrated.length).sort()).toEqual([0, 0, 1]);
    const others = ['huge', 'tiny'].map((kind) =>
      changed(table, withColumn('kind', { enum: ['small', kind] })(table)),
    );
    await Promise.all(others.map((other) => ensureFeatureTable(database, other)));
    const [first, second] = await Promise.all(others.map(async (other) => enforced(await fresh(other))));
    const now = await enforced(table);
    expect([JSON.stringify(first), JSON.stringify(second)]).toContain(JSON.stringify(now));
  });
});

describe('any change of rules', () => {
  const range = fc.option(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 4, max: 8 })), {
    nil: undefined,
  });
  const kinds = fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 2 }), {
    nil: undefined,
  });
  const definition = fc.record({
    nullable: fc.boolean(),
    range,
    kinds,
    unique: fc.constantFrom<string[][]>([], [['n']], [['n', 'kind']], [['kind', 'n'], ['n']]),
    checks: fc.constantFrom<{ name: string; sql: string }[]>(
      [],
      [{ name: 'rule', sql: 'n < 6' }],
      [{ name: 'rule', sql: 'n <> 5' }],
    ),
  });
  type Drawn = typeof definition extends fc.Arbitrary<infer T> ? T : never;
  const tableOf = (name: string, { nullable, range, kinds, unique, checks }: Drawn): FeatureTable =>
    defineFeatureTable({
      name,
      owner: 'shops',
      entityKey: ['store'],
      columns: {
        store: { type: 'long' },
        n: { type: 'long', nullable, range },
        kind: { type: 'string', enum: kinds, nullable: true },
      },
      unique,
      checks,
    });
  const cells = fc.record({
    n: fc.option(fc.integer({ min: 0, max: 8 })),
    kind: fc.option(fc.constantFrom('a', 'b', 'c')),
  });

  it('is accepted exactly when a new table of that definition would take the stored rows, and ends as that table', async () => {
    const outcomes = { accepted: 0, refused: 0 };
    const property = fc.asyncProperty(
      definition,
      definition,
      fc.array(cells, { minLength: 1, maxLength: 4 }),
      async (before, after, list) => {
        const rows = list.map((cell, store) => ({ ...cell, store }));
        tables += 1;
        const table = tableOf(`drawn_${tables}`, before);
        const isLoaded = await load(table, rows).then(Boolean, () => false);
        fc.pre(isLoaded);
        const other = tableOf(`other_${tables}`, after);
        const fits = await load(other, rows).then(Boolean, () => false);
        const next = tableOf(table.name, after);
        const isAccepted = await ensureFeatureTable(database, next).then(Boolean, () => false);
        expect(isAccepted).toBe(fits);

        if (isAccepted) expect(await enforced(next)).toEqual(await enforced(other));
        outcomes[isAccepted ? 'accepted' : 'refused'] += 1;
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 20_261_125 });
    expect(outcomes.accepted).toBeGreaterThan(5);
    expect(outcomes.refused).toBeGreaterThan(5);
  });
});
