import { batchFromRows, type CellValue } from '@slipway/contracts';
import { migrate, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkFeatureBatch,
  checkFeatureTable,
  defineFeatureTable,
  ensureFeatureTable,
  featureRelation,
  featuresMigrations,
  loadFeatureTable,
  type FeatureSource,
  type FeatureTable,
  type FeatureTableInput,
  type LoadOptions,
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

const columns: FeatureTableInput['columns'] = {
  store: { type: 'long' },
  code: { type: 'string', nullable: true },
  sales: { type: 'double' },
  visitors: { type: 'double', nullable: true },
};

function define(change: Partial<FeatureTableInput> = {}): FeatureTable {
  tables += 1;
  return defineFeatureTable({
    name: `hard_${tables}`,
    owner: 'shops',
    entityKey: ['store'],
    columns,
    ...change,
  });
}

type Row = Record<string, CellValue>;

function load(table: FeatureTable, rows: readonly Row[]): Promise<LoadResult> {
  const specs = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const source = { kind: 'batch', batch: batchFromRows(rows, specs), description: 'made up' } as const;
  return loadFeatureTable(database, table, source, { holder: 'test', now: () => 1_767_225_600_000 });
}

async function storedTables(): Promise<string[]> {
  const found = await database.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'features' AND tablename ~ 'hard|staging' ORDER BY 1",
  );
  return found.map(({ name }) => name);
}

const row: Row = { store: 1, code: 'AB', sales: 10, visitors: 4 };

describe('a rule that Postgres cannot read', () => {
  it.each([
    [
      'an open bracket',
      { code: { type: 'string', pattern: '[A-Z' } },
      [],
      'code_pattern',
      /brackets \[\] not balanced/,
    ],
    ['a syntax error', {}, [{ name: 'half', sql: 'sales >' }], 'half', /syntax error/],
    ['an unknown column', {}, [{ name: 'typo', sql: 'slaes > 0' }], 'typo', /column "slaes" does not exist/],
    [
      'no truth value',
      {},
      [{ name: 'sum', sql: 'sales + 1' }],
      'sum',
      /must be type boolean|type boolean, not/,
    ],
    ['a subquery', {}, [{ name: 'sub', sql: 'sales < (SELECT 1)' }], 'sub', /subquery/],
    [
      'a column of the storage',
      {},
      [{ name: 'new', sql: 'loaded_by > 0' }],
      'new',
      /"loaded_by" does not exist/,
    ],
  ] as const)('(%s) is refused by name before anything is made', async (_, change, checks, name, reason) => {
    const before = await storedTables();
    const made = ensureFeatureTable(
      database,
      define({ columns: { ...columns, ...change }, checks: [...checks] }),
    );
    await expect(made).rejects.toMatchObject({ code: 'configuration_invalid' });
    await expect(made).rejects.toThrow(
      new RegExp(`The constraint ${name} of feature table .* cannot be read`),
    );
    await expect(made).rejects.toThrow(reason);
    expect(await storedTables()).toEqual(before);
  });

  it('leaves a stored table as it was', async () => {
    const table = define();
    await load(table, [row]);
    const next = { ...table, checks: [{ name: 'half', sql: 'sales >' }] };
    await expect(load(next, [row])).rejects.toMatchObject({ code: 'configuration_invalid' });
    expect(await checkFeatureTable(database, table)).toEqual([]);
    expect(await load(table, [row])).toMatchObject({ outcome: 'unchanged' });
  });

  it('is complete once it is accepted', async () => {
    const table = define({ checks: [{ name: 'busy', sql: 'visitors > 0' }] });
    await load(table, [row]);
    const wider = { ...table, checks: [...table.checks, { name: 'rich', sql: 'sales > 0' }] };
    expect((await ensureFeatureTable(database, wider)).migrated).toEqual(['rich']);
    expect(await checkFeatureTable(database, wider)).toEqual([]);
  });
});

describe('a check that is an error for some row', () => {
  it('is named, and the rows that it suits are loaded', async () => {
    const table = define({ checks: [{ name: 'busy', sql: 'sales / visitors < 100' }] });
    const loaded = load(table, [row, { ...row, store: 2, visitors: 0 }]);
    await expect(loaded).rejects.toMatchObject({ code: 'configuration_invalid' });
    await expect(loaded).rejects.toThrow(/The check busy of .* SQLSTATE 22012\. Correct the check/);
    expect(await load(table, [row])).toMatchObject({ outcome: 'loaded', inserted: 1 });
  });

  it('is named when it comes to a stored table, which stays as it was', async () => {
    const table = define();
    await load(table, [row, { ...row, store: 2, visitors: 0 }]);
    const checks = [
      { name: 'rich', sql: 'sales > 0' },
      { name: 'busy', sql: 'sales / visitors < 100' },
    ];
    const evolved = ensureFeatureTable(database, { ...table, checks });
    await expect(evolved).rejects.toMatchObject({
      code: 'configuration_invalid',
      details: { constraint: 'busy' },
    });
    await expect(evolved).rejects.toThrow(/The check busy of .* some stored row; .* SQLSTATE 22012/);
    expect(await checkFeatureTable(database, table)).toEqual([]);
    expect(await load(table, [row])).toMatchObject({ outcome: 'unchanged' });
  });

  it('is named in a table from before checks were tried on batches', async () => {
    const table = define();
    await ensureFeatureTable(database, table);
    const old = { ...table, checks: [{ name: 'new', sql: 'loaded_by > 0' }] };
    await database.execute(`ALTER TABLE features.${table.name} ADD CONSTRAINT new CHECK (loaded_by > 0)`);
    await database.execute(
      'UPDATE features._feature_table SET definition = definition || $2 WHERE name = $1',
      [table.name, JSON.stringify({ checks: old.checks })],
    );
    const loaded = load(old, [row]);
    await expect(loaded).rejects.toMatchObject({ code: 'configuration_invalid' });
    await expect(loaded).rejects.toThrow(/The check new of .* SQLSTATE 42703/);
  });
});

describe('a wide table', () => {
  const wide = (count: number, nullable = false): FeatureTableInput['columns'] => ({
    store: { type: 'long' },
    ...Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`c${n}`, { type: 'double' as const, nullable }]),
    ),
  });
  const filled = (table: FeatureTable): Row =>
    Object.fromEntries(Object.keys(table.columns).map((name) => [name, 1]));

  it('holds what a page of Postgres holds, corrections included', async () => {
    const table = define({ columns: wide(998) });
    await load(table, [filled(table)]);
    expect(await load(table, [{ ...filled(table), c5: 2 }])).toMatchObject({ updated: 1 });
  });

  it.each([
    [999, /its 1000 numbers and times that are not nullable need 8168 bytes/],
    [1600, /it has 1601 columns/],
  ])('of %i columns and a key is refused before it is made', (count, message) => {
    expect(() => define({ columns: wide(count) })).toThrow(message);
    expect(() => define({ columns: wide(count) })).toThrow(
      expect.objectContaining({ code: 'configuration_invalid' }),
    );
  });

  it('of nullable columns takes the rows that fit, and says which limit the others meet', async () => {
    const table = define({ columns: wide(1200, true) });
    await load(table, [
      { ...Object.fromEntries(Object.keys(table.columns).map((name) => [name, null])), store: 1 },
    ]);
    await expect(load(table, [filled(table)])).rejects.toMatchObject({ code: 'database_limit' });
    expect(await storedTables()).not.toContainEqual(expect.stringContaining('staging'));
  });
});

describe('a table of many columns', () => {
  it('may have more rules than a query has columns', async () => {
    const names = Array.from({ length: 850 }, (_, place) => `c${place}`);
    const table = define({
      columns: {
        store: { type: 'long' },
        ...Object.fromEntries(names.map((name) => [name, { type: 'double', range: [0, 10] }] as const)),
      } as FeatureTableInput['columns'],
    });
    const wide = Object.fromEntries([['store', 1], ...names.map((name) => [name, 1])]) as Row;
    expect(await load(table, [wide])).toMatchObject({ outcome: 'loaded' });
    expect(await checkFeatureTable(database, table)).toEqual([]);
    await expect(load(table, [{ ...wide, c849: 11 }])).rejects.toThrow(/c849_range/);
  });
});

describe('a key too long for an index', () => {
  it('is refused by its limit, and nothing is loaded', async () => {
    const table = define({ columns: { ...columns, code: { type: 'string' } }, entityKey: ['code'] });
    const code = Array.from({ length: 3000 }, (_, n) =>
      String.fromCharCode(0x4e00 + ((n * 7919) % 20_000)),
    ).join('');
    await expect(load(table, [{ ...row, code }])).rejects.toMatchObject({ code: 'database_limit' });
    expect(await load(table, [row])).toMatchObject({ load: 1, inserted: 1 });
  });
});

describe('a load from a program without types', () => {
  const options = { holder: 'test', now: Date.now };

  it.each([
    [undefined],
    [{}],
    [{ kind: 'excel', path: 'a.xls' }],
    [{ kind: 'constructor' }],
    [{ kind: 'csv' }],
    [{ kind: 'csv', path: 'nul\0' }],
    [{ kind: 'rows', rows: 5, description: 'made up' }],
    [{ kind: 'rows', rows: [row] }],
    [{ kind: 'batch', batch: null, description: 'made up' }],
    [{ kind: 'query', description: 'made up' }],
  ])('is refused with a source that is none, and makes no table: %j', async (source) => {
    const table = define();
    const wrong = source as unknown as FeatureSource;
    const refused = { code: 'invalid_argument' };
    await expect(loadFeatureTable(database, table, wrong, options)).rejects.toMatchObject(refused);
    await expect(checkFeatureBatch(database, table, wrong, options)).rejects.toMatchObject(refused);
    expect(await storedTables()).not.toContain(table.name);
  });

  it('is told what its source lacks', async () => {
    const wrong = { kind: 'rows', description: 'made up' } as unknown as FeatureSource;
    await expect(loadFeatureTable(database, define(), wrong, options)).rejects.toThrow(
      'The source of kind "rows" lacks rows: expected rows that can be iterated',
    );
  });

  it('is refused without a holder, whose lease would be lost at once, and with a table that is not defined', async () => {
    const source: FeatureSource = { kind: 'rows', rows: [row], description: 'made up' };
    for (const [table, wrong] of [
      [define(), { now: Date.now }],
      [define(), undefined],
      [{ name: 'raw', owner: 'tests', entityKey: ['store'], columns }, options],
    ] as unknown as [FeatureTable, LoadOptions][])
      await expect(loadFeatureTable(database, table, source, wrong)).rejects.toMatchObject({
        code: 'invalid_argument',
      });
  });
});

describe('a table changed by hand', () => {
  it('is refused by the column that is gone', async () => {
    const table = define();
    await load(table, [row]);
    await database.execute(`ALTER TABLE features.${table.name} DROP COLUMN sales`);
    const said = {
      code: 'schema_mismatch',
      message: expect.stringContaining('the column "sales" is gone') as string,
    };
    await expect(load(table, [row])).rejects.toMatchObject(said);
    await expect(featureRelation(database, table)).rejects.toMatchObject(said);
    expect(await checkFeatureTable(database, table)).toEqual(['the column "sales" is gone']);
  });

  it.each([
    ['sales', 'real'],
    ['sales', 'text'],
    ['store', 'integer'],
    ['code', 'character varying(9)'],
    ['at', 'timestamp(0) with time zone'],
  ])(
    'is refused by a column of another type, which would round what is loaded: %s %s',
    async (name, type) => {
      const table = define({ columns: { ...columns, at: { type: 'datetime' } } });
      await load(table, [{ ...row, at: 0 }]);
      await database.execute(`ALTER TABLE features.${table.name} ALTER COLUMN ${name} TYPE ${type}`);
      const problem = `the column "${name}" is of type ${type}, not`;
      const said = { code: 'schema_mismatch', message: expect.stringContaining(problem) as string };
      await expect(load(table, [{ ...row, sales: 0.1, at: 1 }])).rejects.toMatchObject(said);
      expect(await checkFeatureTable(database, table)).toEqual([expect.stringContaining(problem)]);
      await expect(featureRelation(database, table)).rejects.toThrow(
        /ALTER TABLE \.\.\. ALTER COLUMN \.\.\. TYPE brings the type of the definition back, not what was rounded/,
      );
    },
  );

  it('is refused when it is gone as a whole', async () => {
    const table = define();
    await load(table, [row]);
    await database.execute(`DROP TABLE features.${table.name}`);
    await expect(load(table, [row])).rejects.toMatchObject({ code: 'schema_mismatch' });
  });
});

describe('a connection that is cut', () => {
  it('during a load leaves nothing half-seen, and a re-run converges', async () => {
    const table = define();
    await load(table, [row]);
    const changed = [
      { ...row, sales: 11 },
      { ...row, store: 2 },
    ];
    async function* cutAfterFirst(): AsyncGenerator<Row> {
      yield changed[0] as Row;
      await database.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      yield changed[1] as Row;
    }
    const cut = loadFeatureTable(
      database,
      table,
      { kind: 'rows', rows: cutAfterFirst(), description: 'cut' },
      { holder: 'test', now: () => 1_767_225_600_000 },
    ).catch((error: unknown) => error);
    // Other connections of the pool died; the load either did without them or says that the server is away.
    const outcome = await cut;
    if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'database_unreachable' });
    expect(['unchanged', 'loaded']).toContain((await load(table, changed)).outcome);
    const relation = await featureRelation(database, table);
    expect(relation.watermark).toEqual({ [table.name]: 2 });
  });
});
