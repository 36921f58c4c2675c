import { createHash } from 'node:crypto';
import { batchFromRows, type CellValue } from '@slipway/contracts';
import { migrate, quoteTable, readBatch, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  checkFeatureBatch,
  checkFeatureTable,
  defineFeatureTable,
  ensureFeatureTable,
  eraseEntity,
  featureRelation,
  featuresMigrations,
  featureTableStatus,
  findLoadBefore,
  judgeFreshness,
  loadFeatureTable,
  readLoadProfile,
  sweepLoads,
  sweepRejects,
  type FeatureSource,
  type FeatureTable,
} from './index.ts';
import { createStaging } from './staging-table.ts';

let test: TestDatabase;
let database: Database;
let tables = 0;
let table: FeatureTable;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
});
afterAll(() => test.drop());
beforeEach(() => {
  tables += 1;
  table = defineFeatureTable({
    name: `stores_${tables}`,
    owner: 'shops',
    entityKey: ['store'],
    eventTime: 'at',
    columns: {
      store: { type: 'long' },
      at: { type: 'datetime' },
      sales: { type: 'double', range: [0, 100] },
    },
    freshness: { hours: 24 },
  });
});

const noon = Date.parse('2026-03-01T12:00:00Z');
type Row = readonly [store: number, hour: number, sales: number];

function sourceOf(rows: readonly Row[]): FeatureSource {
  const columns = Object.entries(table.columns).map(([name, { type }]) => ({ name, type }));
  const records = rows.map(([store, hour, sales]) => ({ store, at: noon * 1000 + hour * 3.6e9, sales }));
  return { kind: 'batch', batch: batchFromRows(records, columns), description: 'made up' };
}

const load = (...rows: Row[]): ReturnType<typeof loadFeatureTable> =>
  loadFeatureTable(database, table, sourceOf(rows), { holder: 'tests', now: () => noon });

async function salesAt(asOfLoad: number): Promise<CellValue[]> {
  const relation = await featureRelation(database, table, { asOfLoad });
  const batch = await readBatch(database, { ...relation, orderBy: ['store', 'at'] });
  return [...(batch.columns[2]?.values ?? [])];
}

describe('freshness', () => {
  it('is measured from the newest event time, on both sides of the limit', async () => {
    await load([1, 0, 5], [1, -3, 4]);
    const status = await featureTableStatus(database, table);
    const at = (hours: number) => judgeFreshness(table, status, noon + hours * 3.6e6);
    expect(at(24)).toEqual({ ageHours: 24, limitHours: 24, isStale: false });
    expect(at(24.001)).toMatchObject({ isStale: true });
  });

  it('knows when the newest load came, although the clock of an older one was ahead', async () => {
    const at = (now: number, sales: number) =>
      loadFeatureTable(database, table, sourceOf([[1, 0, sales]]), { holder: 'tests', now: () => now });
    await at(noon + 1e6, 1);
    await at(noon, 2);
    expect(await featureTableStatus(database, table)).toMatchObject({
      watermark: 2,
      newestLoadAt: noon * 1000,
    });
  });

  it('is measured from the newest load without an event time; an empty table and one without a limit are never stale', async () => {
    const timeless = { ...table, eventTime: undefined };
    const judge = (of: FeatureTable, newestLoadAt: number | null): boolean =>
      judgeFreshness(of, { newestEventTime: null, newestLoadAt }, noon).isStale;
    expect(judge(timeless, (noon - 25 * 3.6e6) * 1000)).toBe(true);
    expect(judge(timeless, null)).toBe(false);
    expect(judge({ ...timeless, freshness: undefined }, 0)).toBe(false);
  });
});

describe('findLoadBefore', () => {
  const hour = 3.6e6;
  const stateAt = (before: number) => findLoadBefore(database, { table: table.name, before });

  it('is the state of that time: 0 before the first load, the newest after the last', async () => {
    for (const [index, hours] of [0, 1, 2].entries())
      await loadFeatureTable(database, table, sourceOf([[1, 0, index]]), {
        holder: 'tests',
        now: () => noon + hours * hour,
      });
    const times = [0, 0.5, 1, 1.5, 3].map((hours) => noon + hours * hour);
    expect(await Promise.all(times.map(stateAt))).toEqual([0, 1, 1, 2, 3]);
  });

  it('is none from after a load of a later time, whose clock had stopped: a sweep would drop what is young', async () => {
    for (const [index, hours] of [0, 48, -1_000_000].entries())
      await loadFeatureTable(database, table, sourceOf([[1, 0, index]]), {
        holder: 'tests',
        now: () => noon + hours * hour,
      });
    expect(await stateAt(noon + 24 * hour)).toBe(1);
  });
});

describe('checkFeatureBatch', () => {
  it('says what a load would do, and changes nothing', async () => {
    await load([1, 0, 5], [2, 0, 6]);
    const check = await checkFeatureBatch(
      database,
      table,
      sourceOf([
        [1, 0, 5],
        [2, 0, 7],
        [3, 0, 8],
      ]),
      { holder: 'tests' },
    );
    expect(check).toEqual({ rows: 3, violations: [], changes: { inserted: 1, updated: 1, unchanged: 1 } });
    expect(await featureTableStatus(database, table)).toMatchObject({ rows: 2, watermark: 1 });
    expect(await salesAt(1)).toEqual([5, 6]);
    const left = await database.query(
      "SELECT FROM pg_tables WHERE schemaname = 'features' AND tablename LIKE '\\_staging%'",
    );
    expect(left).toEqual([]);
  });

  it('returns what a load would be refused for, and keeps no report', async () => {
    const check = await checkFeatureBatch(database, table, sourceOf([[1, 0, 500]]), { holder: 'tests' });
    expect(check).toMatchObject({
      rows: 1,
      violations: [{ constraint: 'sales_range', count: 1 }],
      changes: null,
    });
    expect(await database.query('SELECT FROM features._reject')).toEqual([]);
  });

  it('leaves the definition of the stored table as it is', async () => {
    await load([1, 0, 5]);
    const narrower = {
      ...table,
      columns: {
        ...table.columns,
        sales: { ...table.columns['sales']!, range: [0, 10] as [number, number] },
      },
    };
    const check = await checkFeatureBatch(database, narrower, sourceOf([[2, 0, 50]]), { holder: 'tests' });
    expect(check.violations).toMatchObject([{ constraint: 'sales_range' }]);
    expect(
      (await checkFeatureBatch(database, narrower, sourceOf([[2, 0, 5]]), { holder: 'tests' })).changes,
    ).toBeNull();
    await load([2, 0, 50]);
  });
});

describe('checkFeatureTable', () => {
  it('finds nothing in a table that is well, empty or not there', async () => {
    expect(await checkFeatureTable(database, table)).toEqual([]);
    await ensureFeatureTable(database, table);
    expect(await checkFeatureTable(database, table)).toEqual([]);
    await load([1, 0, 5], [1, 1, 6]);
    expect(await checkFeatureTable(database, table)).toEqual([]);
  });

  it.each([
    ['DROP CONSTRAINT sales_range', ['the constraint sales_range (range 0 to 100) is gone or not valid']],
    // Its constraints went with it.
    ['DROP COLUMN sales', ['the column "sales" is gone']],
    ['RENAME TO elsewhere', [expect.stringContaining('is gone')]],
  ])('names what somebody took away by hand: %s', async (change, problems) => {
    await load([1, 0, 5]);
    await database.execute(`ALTER TABLE features.${table.name} ${change}`);
    expect(await checkFeatureTable(database, table)).toEqual(problems);
  });

  it('finds rows that were written past a constraint, and doubled keys without their index', async () => {
    await load([1, 0, 5]);
    const name = `features.${table.name}`;
    await database.execute(`ALTER TABLE ${name} DROP CONSTRAINT sales_range`);
    await database.execute(`INSERT INTO ${name} SELECT store + 1, at, 500, 1, NULL FROM ${name}`);
    await database.execute(
      `ALTER TABLE ${name} ADD CONSTRAINT sales_range CHECK (sales BETWEEN 0 AND 100) NOT VALID`,
    );
    expect(await checkFeatureTable(database, table)).toEqual([
      'the constraint sales_range (range 0 to 100) is gone or not valid',
    ]);
    await database.execute(
      `UPDATE pg_constraint SET convalidated = true WHERE conname = 'sales_range' AND conrelid = '${name}'::regclass`,
    );
    expect(await checkFeatureTable(database, table)).toEqual([
      '1 rows break the constraint sales_range (range 0 to 100)',
    ]);
    await database.execute(`DROP INDEX features."_${table.name}_current_key"`);
    expect(await checkFeatureTable(database, table)).toEqual([
      expect.stringContaining('unique index of the row key (store, at) is gone'),
    ]);
  });

  it('names a unique set whose index somebody dropped', async () => {
    const tagged = defineFeatureTable({
      name: `tagged_${(tables += 1)}`,
      owner: 'tests',
      entityKey: ['id'],
      columns: { id: { type: 'long' }, tag: { type: 'string' }, place: { type: 'long' } },
      unique: [['tag', 'place']],
    });
    await ensureFeatureTable(database, tagged);
    expect(await checkFeatureTable(database, tagged)).toEqual([]);
    const [index] = await database.query<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index
       WHERE indrelid = 'features.${tagged.name}'::regclass AND indexrelid::regclass::text LIKE '%unique%'`,
    );
    await database.execute(`DROP INDEX ${index?.name ?? ''}`);
    expect(await checkFeatureTable(database, tagged)).toEqual([
      'the unique index of (tag, place) is gone or not valid',
    ]);
  });
});

describe('retention', () => {
  it('sweeps what no later state shows, and refuses earlier states by name', async () => {
    await load([1, 0, 1], [2, 0, 1]);
    await load([1, 0, 2]);
    await load([1, 0, 3]);
    expect(await sweepLoads(database, table, { keepFrom: 2, apply: false, holder: 'tests' })).toBe(1);
    expect(await salesAt(1)).toEqual([1, 1]);
    expect(await sweepLoads(database, table, { keepFrom: 2, apply: true, holder: 'tests' })).toBe(1);
    expect(await salesAt(2)).toEqual([2, 1]);
    expect(await salesAt(3)).toEqual([3, 1]);
    await expect(salesAt(1)).rejects.toMatchObject({ code: 'load_swept', details: { oldestLoad: 2 } });
    expect(await featureTableStatus(database, table)).toMatchObject({ oldestLoad: 2, rows: 2 });
    expect(await sweepLoads(database, table, { keepFrom: 1, apply: true, holder: 'tests' })).toBe(0);
    await expect(salesAt(1)).rejects.toMatchObject({ code: 'load_swept' });
  });

  it.each([3, 1e9, -1, 1.5, NaN])('sweeps up to no load %d, which the table never had', async (keepFrom) => {
    await load([1, 0, 1]);
    await load([1, 0, 2]);
    for (const apply of [false, true])
      await expect(sweepLoads(database, table, { keepFrom, apply, holder: 'tests' })).rejects.toMatchObject({
        code: 'load_unknown',
        details: { newestLoad: 2 },
      });
    expect(await featureTableStatus(database, table)).toMatchObject({ oldestLoad: 0 });
    await load([1, 0, 3]);
    expect(await salesAt(1)).toEqual([1]);
  });

  it('lets no query read a state that was swept after it was chosen', async () => {
    await load([1, 0, 1], [2, 0, 1]);
    await load([1, 0, 2]);
    const { sql, parameters } = await featureRelation(database, table, { asOfLoad: 1 });
    expect(await database.query(sql, parameters)).toHaveLength(2);
    await sweepLoads(database, table, { keepFrom: 2, apply: true, holder: 'tests' });
    await expect(database.query(sql, parameters)).rejects.toMatchObject({ code: 'load_swept' });
  });

  it.each([3, -1, 1.5, NaN])('has no load %d', async (asOfLoad) => {
    await load([1, 0, 1]);
    await load([1, 0, 2]);
    await expect(featureRelation(database, table, { asOfLoad })).rejects.toMatchObject({
      code: 'load_unknown',
      details: { newestLoad: 2 },
    });
  });

  it('drops reports of refused batches on the day their retention is over', async () => {
    await expect(load([1, 0, 500])).rejects.toMatchObject({ code: 'data_rejected' });
    const end = noon + 30 * 86_400_000;
    expect(await sweepRejects(database, { now: end - 1, apply: false })).toBe(0);
    expect(await sweepRejects(database, { now: end, apply: false })).toBe(1);
    expect(await sweepRejects(database, { now: end, apply: true })).toBe(1);
    expect(await sweepRejects(database, { now: end, apply: true })).toBe(0);
  });
});

describe('the profile of a load', () => {
  it('tells NULLs, ends and categories, and which are new', async () => {
    const kinds = defineFeatureTable({
      ...table,
      name: `kinds_${tables}`,
      columns: {
        store: { type: 'long' },
        at: { type: 'datetime' },
        kind: { type: 'string', nullable: true },
        note: { type: 'string' },
        sales: { type: 'double', nullable: true },
      },
    });
    const loadKinds = (rows: readonly (readonly [string | null, number | null])[], from: number) =>
      loadFeatureTable(
        database,
        kinds,
        {
          kind: 'rows',
          rows: rows.map(([kind, sales], row) => ({
            store: 1,
            at: new Date(noon + (from + row) * 1000),
            kind,
            note: `${from + row}`,
            sales,
          })),
          description: 'made up',
        },
        { holder: 'tests', now: () => noon },
      );
    await loadKinds(
      [
        ['small', 1.5],
        ['large', null],
        [null, -2],
        ['small', 4],
      ],
      0,
    );
    const first = await readLoadProfile(database, { table: kinds.name, load: 1 });
    expect(first).toEqual({
      formatVersion: 1,
      rows: 4,
      columns: {
        store: { nulls: 0, min: 1, max: 1, ...noCategories },
        at: {
          nulls: 0,
          min: '2026-03-01T12:00:00.000000Z',
          max: '2026-03-01T12:00:03.000000Z',
          ...noCategories,
        },
        kind: { nulls: 1, min: null, max: null, categories: 2, newCategories: { count: 0, sample: [] } },
        note: { nulls: 0, min: null, max: null, categories: 4, newCategories: { count: 0, sample: [] } },
        sales: { nulls: 1, min: -2, max: 4, ...noCategories },
      },
    });
    await loadKinds(
      Array.from({ length: 1001 }, (_, row) => [row === 5 ? 'huge' : 'large', 1] as const),
      100,
    );
    const second = await readLoadProfile(database, { table: kinds.name, load: 2 });
    expect(second?.columns['kind']).toMatchObject({
      categories: 2,
      newCategories: { count: 1, sample: ['huge'] },
    });
    expect(second?.columns['note']).toMatchObject({ categories: null });
    expect(await readLoadProfile(database, { table: kinds.name, load: 3 })).toBeUndefined();
  });

  it('takes texts of up to 200 bytes for categories, and loads one that no index would hold', async () => {
    const notes = defineFeatureTable({
      name: `notes_${tables}`,
      owner: 'shops',
      entityKey: ['store'],
      columns: {
        store: { type: 'long' },
        short: { type: 'string' },
        long: { type: 'string' },
        free: { type: 'string', nullable: true },
      },
    });
    const row = {
      store: 1,
      short: 'é'.repeat(100),
      long: `${'é'.repeat(100)}!`,
      free: incompressible(9_000),
    };
    const source: FeatureSource = {
      kind: 'rows',
      rows: [row, { ...row, store: 2, free: null }],
      description: 'made up',
    };
    await loadFeatureTable(database, notes, source, { holder: 'tests', now: () => noon });
    const profile = await readLoadProfile(database, { table: notes.name, load: 1 });
    expect(profile?.columns).toMatchObject({
      short: { categories: 1 },
      long: { categories: null },
      free: { nulls: 1, categories: null },
    });
    const noted = await database.query(
      'SELECT DISTINCT column_name AS name FROM features._category WHERE feature_table = $1',
      [notes.name],
    );
    expect(noted).toEqual([{ name: 'short' }]);
  });
});

/** A text of digests, which Postgres cannot press into an index entry. */
function incompressible(characters: number): string {
  let text = '';
  while (text.length < characters) text += createHash('sha256').update(text).digest('base64');
  return text.slice(0, characters);
}

const noCategories = { categories: null, newCategories: { count: 0, sample: [] } };

describe('eraseEntity', () => {
  const request = { who: 'ada', reason: 'asked', holder: 'tests', now: noon, apply: true };

  it('says which values a key has when it is none of the table', async () => {
    const erased = eraseEntity(database, table, { ...request, key: { shop: 1 } });
    await expect(erased).rejects.toMatchObject({ code: 'configuration_invalid' });
    await expect(erased).rejects.toThrow(
      /a value for store, received shop\. Give one value .* nothing was erased/,
    );
  });

  it.each([null, undefined, '7', 7.5, NaN, 7n, true, {}])(
    'refuses a value that no stored key can be, and writes no audit: %s',
    async (value) => {
      await load([7, 0, 1]);
      const key = { store: value } as Record<string, CellValue>;
      const erased = eraseEntity(database, table, { ...request, key });
      await expect(erased).rejects.toMatchObject({ code: 'configuration_invalid' });
      await expect(erased).rejects.toThrow(/received store that is no long/);
      expect(
        await database.query('SELECT FROM features._erasure WHERE feature_table = $1', [table.name]),
      ).toEqual([]);
    },
  );

  it('finds a time by its microseconds, and leaves no text and no staged row behind', async () => {
    const visits = defineFeatureTable({
      name: `visits_${(tables += 1)}`,
      owner: 'tests',
      entityKey: ['at', 'open'],
      columns: { at: { type: 'datetime' }, open: { type: 'boolean' }, name: { type: 'string' } },
    });
    const key = { at: 1_767_225_600_000_001, open: true };
    expect(await eraseEntity(database, visits, { ...request, key })).toBe(0);
    const rows = [
      { ...key, name: 'Ada' },
      { ...key, open: false, name: 'Bob' },
    ];
    const options = { holder: 'tests', now: () => noon };
    await loadFeatureTable(database, visits, { kind: 'rows', rows, description: 'visits' }, options);
    const staging = await createStaging(database, visits);
    expect(await eraseEntity(database, visits, { ...request, key, apply: false })).toBe(1);
    expect(await eraseEntity(database, visits, { ...request, key })).toBe(1);
    expect(
      await database.query('SELECT value FROM features._category WHERE feature_table = $1', [visits.name]),
    ).toEqual([{ value: 'Bob' }]);
    expect(await database.query('SELECT to_regclass($1) AS found', [quoteTable(staging)])).toEqual([
      { found: null },
    ]);
  });

  it('erases every version of an entity, earlier states too, and keeps no plain key', async () => {
    await load([7, 0, 1], [8, 0, 1]);
    await load([7, 0, 2], [7, 1, 2]);
    const erasure = {
      key: { store: 7 },
      who: 'ada',
      reason: 'asked',
      holder: 'tests',
      now: noon,
      apply: true,
    };
    expect(await eraseEntity(database, table, { ...erasure, apply: false })).toBe(3);
    expect(await salesAt(2)).toEqual([2, 2, 1]);
    expect(await eraseEntity(database, table, erasure)).toBe(3);
    expect(await salesAt(1)).toEqual([1]);
    expect(await eraseEntity(database, table, erasure)).toBe(0);
    const audit = await database.query(
      'SELECT row_count, erased_by, key_digest FROM features._erasure WHERE feature_table = $1 ORDER BY id',
      [table.name],
    );
    expect(audit).toMatchObject([{ row_count: '3', erased_by: 'ada' }, { row_count: '0' }]);
    await expect(eraseEntity(database, table, { ...erasure, key: { shop: 7 } })).rejects.toMatchObject({
      code: 'configuration_invalid',
    });
  });
});
