import { readFile } from 'node:fs/promises';
import { getNumericColumn, type Relation } from '@slipway/contracts';
import { connectDatabase, migrate, quoteTable, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  eraseFromDatasets,
  findDataset,
  findDatasetsHolding,
  getDataset,
  linkDataset,
  listDatasets,
  planSweep,
  readDataset,
  rebuildDataset,
  splitSchema,
  storePredictions,
  sweepDatasets,
  verifyDataset,
  type CataloguedDataset,
  type Erasure,
  type StoredDataset,
} from './index.ts';

let test: TestDatabase;
let database: Database;
const split = splitSchema.parse({ kind: 'random', testShare: 0.25, seed: 7 });
const relation: Relation = {
  source: 'people',
  sql: 'SELECT id, x, y FROM people WHERE loaded_by <= $1 AND (superseded_by IS NULL OR superseded_by > $1)',
  parameters: [1],
  columns: [
    { name: 'id', type: 'long', role: 'entityKey', nullable: false },
    { name: 'x', type: 'double', role: 'feature', nullable: false },
    { name: 'y', type: 'double', role: 'target', nullable: false },
  ],
  watermark: { people: 1 },
};

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, datasetsMigrations);
});
afterAll(() => test.drop());
beforeEach(async () => {
  const tables = await database.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'training' AND tablename LIKE 'people%'",
  );
  for (const { name } of tables) await database.execute(`DROP TABLE training.${name}`);
  await database.execute('DELETE FROM training.dataset_use');
  await database.execute('DELETE FROM training.dataset');
  await database.execute('DROP TABLE IF EXISTS people');
  await database.execute(
    `CREATE TABLE people AS SELECT n AS id, n * 0.5 AS x, n * 2.0 AS y, 1 AS loaded_by, NULL::int AS superseded_by
     FROM generate_series(1, 300) AS n`,
  );
});

const build = (): Promise<{ train: StoredDataset; test: StoredDataset }> =>
  buildTrainTest(database, { relation, split });

const day = 86_400_000;
const now = (): number => Date.now();

async function sweepAll(): Promise<number> {
  const plan = planSweep(await listDatasets(database), {
    needed: new Map(),
    now: now() + day,
    keepDays: 0.5,
  });
  return (await sweepDatasets(database, plan, { who: 'tests' })).length;
}

describe('a sweep', () => {
  it.each([
    { now: NaN, keepDays: 7 },
    { now: Date.now(), keepDays: NaN },
    { now: Date.now(), keepDays: -1 },
    { now: Date.now(), keepDays: '7' as unknown as number },
    { now: Date.now(), keepDays: undefined as unknown as number },
  ])('is refused with a limit that is none, which would keep nothing: %j', (limits) => {
    expect(() => planSweep([], { needed: new Map(), ...limits })).toThrow(
      expect.objectContaining({ code: 'invalid_argument' }),
    );
  });

  it('drops what nothing needs, keeps roots and the young, and says why', async () => {
    const { train, test: held } = await build();
    await linkDataset(database, { digest: train.ref.digest, runId: 'r1', model: 'm', context: 'train' });
    const datasets = await listDatasets(database);
    const needed = new Map([[train.ref.digest, 'alias production of m, version 1']]);
    const decide = (at: number): string[] =>
      planSweep(datasets, { needed, now: at, keepDays: 7 }).map(
        ({ dataset, action, reason }) => `${dataset.ref.kind} ${action}: ${reason}`,
      );
    const asked = Math.max(...datasets.map(({ askedAt }) => askedAt.getTime()));
    expect(decide(asked + 7 * day - 1_000)).toContain('test keep: asked for within 7 days');
    expect(decide(asked + 7 * day + 1_000).toSorted()).toEqual([
      'test drop: no run used it',
      'train keep: alias production of m, version 1',
    ]);
    const plan = planSweep(datasets, { needed, now: asked + 8 * day, keepDays: 7 });
    const dropped = await sweepDatasets(database, plan, { who: 'tests' });
    expect(dropped.map(({ ref }) => ref.digest)).toEqual([held.ref.digest]);
    expect(await findDataset(database, held.ref.digest)).toBeUndefined();
    await verifyDataset(database, train.ref);
    expect((await getDataset(database, held.ref.table)).swept).toMatchObject({
      by: 'tests',
      why: 'no run used it',
    });
  });

  it('leaves a table that waits for its run for an hour, whatever is kept', async () => {
    const { digest } = (await build()).train.ref;
    const link = { digest, runId: 'r1', model: 'm', context: 'train' };
    const decide = async (minutes: number): Promise<string> => {
      const dataset = await getDataset(database, digest);
      const at = dataset.askedAt.getTime() + minutes * 60_000;
      const [decision] = planSweep([dataset], { needed: new Map(), now: at, keepDays: 0 });
      return `${decision?.action}: ${decision?.reason}`;
    };
    const awaits = 'keep: built within the hour, and no run has taken it yet';
    expect([await decide(60), await decide(61)]).toEqual([awaits, 'drop: no run used it']);
    await database.execute("UPDATE training.dataset SET asked_at = asked_at - interval '1 second'");
    await linkDataset(database, link);
    expect(await decide(1)).toBe('drop: no version that is kept was made from it');
    await database.execute("UPDATE training.dataset_use SET used_at = used_at - interval '1 minute'");
    // The next deploy has built, and links its own run next.
    await build();
    expect(await decide(1)).toBe(awaits);
  });

  it('and a link to the same table follow each other: none is linked that is dropped', async () => {
    const { digest, table } = (await build()).train.ref;
    const other = await connectDatabase({ url: test.url });
    let linking: Promise<void> | undefined;
    await database.transaction(async (transaction) => {
      // As a sweep does.
      await transaction.execute('SELECT FROM training.dataset WHERE digest = $1 FOR UPDATE', [digest]);
      linking = linkDataset(other, { digest, runId: 'r1', model: 'm', context: 'train' });
      linking.catch(() => undefined);
      await until(async () => (await waiting(other)) === 1);
      await transaction.execute(`DROP TABLE training."${table}"`);
    });
    await expect(linking).rejects.toMatchObject({ code: 'dataset_not_found' });
    expect((await getDataset(database, digest)).uses).toEqual([]);
    await other.close();
  });

  it('leaves a table that somebody asked for after the plan', async () => {
    await build();
    const plan = planSweep(await listDatasets(database), {
      needed: new Map(),
      now: now() + day,
      keepDays: 0.5,
    });
    const again = await build();
    expect(again.train.created).toBe(false);
    expect(await sweepDatasets(database, plan, { who: 'tests' })).toEqual([]);
    await verifyDataset(database, again.train.ref);
  });

  it('meets a build of the same content at the same moment without losing its table', async () => {
    await build();
    const plan = planSweep(await listDatasets(database), {
      needed: new Map(),
      now: now() + day,
      keepDays: 0.5,
    });
    const [, built] = await Promise.all([sweepDatasets(database, plan, { who: 'tests' }), build()]);
    await verifyDataset(database, built.train.ref);
    await verifyDataset(database, built.test.ref);
  });
});

describe('a rebuild', () => {
  it('gives the swept table back, to the same digest', async () => {
    const { train } = await build();
    expect(await sweepAll()).toBe(2);
    // Rows of a later load and a correction do not show at load 1.
    await database.execute('INSERT INTO people VALUES (301, 1, 1, 2, NULL)');
    await database.execute('UPDATE people SET superseded_by = 2 WHERE id = 5');
    await database.execute('INSERT INTO people VALUES (5, 99, 99, 2, NULL)');
    const rebuilt = await rebuildDataset(database, train.ref.digest);
    expect(rebuilt).toEqual({ ref: train.ref, created: true });
    await verifyDataset(database, train.ref);
    expect(await rebuildDataset(database, train.ref.digest)).toEqual({ ref: train.ref, created: false });
    await expect(database.execute(`DELETE FROM ${quoteTable(train.ref)}`)).rejects.toMatchObject({
      code: 'dataset_sealed',
    });
  });

  it.each([
    ['a changed value', 'UPDATE people SET x = x + 1 WHERE id % 2 = 0', /source changed since/],
    ['a row that is gone', 'DELETE FROM people WHERE id < 100', /source changed since/],
    ['a column that is gone', 'ALTER TABLE people DROP COLUMN x', /cannot be read as it was/],
    ['a table that is gone', 'DROP TABLE people', /cannot be read as it was/],
  ])('is refused after %s, with the reason, and leaves nothing behind', async (_, change, reason) => {
    const { train, test: held } = await build();
    await sweepAll();
    await database.execute(change);
    for (const { ref } of [train, held]) {
      const refusal = rebuildDataset(database, ref.digest);
      await expect(refusal).rejects.toMatchObject({
        code: 'dataset_unrepeatable',
        message: expect.stringMatching(reason),
      });
    }
    const tables = await database.query(
      "SELECT FROM pg_tables WHERE schemaname = 'training' AND tablename ~ '^(people|build)'",
    );
    expect(tables).toEqual([]);
  });

  describe('whose source fails with an error of its own', () => {
    const failing = { ...relation, sql: `${relation.sql} AND may_read()` };
    const define = (body: string): Promise<number> =>
      database.execute(
        `CREATE OR REPLACE FUNCTION may_read() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN ${body} RETURN true; END $$`,
      );
    /** A table that was swept; its source raises an error in the first call from now on. */
    async function sweepThenFail(state: string): Promise<StoredDataset> {
      await define('');
      const { train } = await buildTrainTest(database, { relation: failing, split });
      await sweepAll();
      await database.execute('DROP SEQUENCE IF EXISTS calls; CREATE SEQUENCE calls');
      await define(`IF nextval('calls') = 1 THEN RAISE SQLSTATE '${state}'; END IF;`);
      return train;
    }

    it.each(['40001', '40P01'])('is tried again after %s', async (state) => {
      const { ref } = await sweepThenFail(state);
      expect(await rebuildDataset(database, ref.digest)).toEqual({ ref, created: true });
    });

    it.each(['57014', '55P03'])('passes %s on: the same call may succeed later', async (state) => {
      const { ref } = await sweepThenFail(state);
      await expect(rebuildDataset(database, ref.digest)).rejects.toMatchObject({
        code: 'database_query_failed',
        details: { sqlState: state },
      });
      expect(await rebuildDataset(database, ref.digest)).toEqual({ ref, created: true });
    });

    it.each(['42703', '22012'])('is refused after %s, which would come again', async (state) => {
      const { ref } = await sweepThenFail(state);
      await expect(rebuildDataset(database, ref.digest)).rejects.toMatchObject({
        code: 'dataset_unrepeatable',
      });
    });
  });

  it('makes a table again that somebody dropped by hand, and so does the next build', async () => {
    const { train, test: held } = await build();
    await database.execute(`DROP TABLE ${quoteTable(train.ref)}`);
    await database.execute(`DROP TABLE ${quoteTable(held.ref)}`);
    expect(await findDataset(database, train.ref.digest)).toBeUndefined();
    expect(await rebuildDataset(database, train.ref.digest)).toEqual({ ref: train.ref, created: true });
    const again = await build();
    expect([again.train.created, again.test.created]).toEqual([false, true]);
    await verifyDataset(database, held.ref);
  });

  it.each([
    ['ALTER COLUMN x TYPE real', 'no column "x" double precision, but the column "x" real'],
    ['ADD COLUMN z integer', 'the column "z" integer'],
    ['DROP COLUMN y', 'no column "y" double precision'],
  ])('names a table changed by hand: %s', async (change, received) => {
    const { train } = await build();
    await database.execute(`ALTER TABLE ${quoteTable(train.ref)} ${change}`);
    await expect(rebuildDataset(database, train.ref.digest)).rejects.toMatchObject({
      code: 'dataset_damaged',
      message: expect.stringContaining(`${train.ref.table} is not what was registered`),
    });
    await expect(verifyDataset(database, train.ref)).rejects.toThrow(`received ${received}.`);
    // What the error advises.
    await expect(build()).rejects.toMatchObject({ code: 'dataset_damaged' });
    await database.execute(`DROP TABLE ${quoteTable(train.ref)}`);
    expect((await build()).train).toEqual({ ref: train.ref, created: true });
  });
});

describe('a table that was swept and restored from a backup', () => {
  /** As a backup does: the table as it was, without its entry, which still says swept. */
  async function sweepAndRestore({ ref }: StoredDataset): Promise<void> {
    await database.execute(`CREATE TABLE people_backup AS TABLE ${quoteTable(ref)}`);
    await sweepAll();
    await database.execute('ALTER TABLE people_backup SET SCHEMA training');
    await database.execute(`ALTER TABLE training.people_backup RENAME TO "${ref.table}"`);
  }

  it('is used by the next build, sealed again, and no longer counts as swept', async () => {
    const { train } = await build();
    await sweepAndRestore(train);
    expect(await findDataset(database, train.ref.digest)).toEqual(train.ref);
    expect(await rebuildDataset(database, train.ref.digest)).toEqual({ ref: train.ref, created: false });
    const again = await build();
    expect([again.train.created, again.test.created]).toEqual([false, true]);
    await expect(database.execute(`DELETE FROM ${quoteTable(train.ref)}`)).rejects.toMatchObject({
      code: 'dataset_sealed',
    });
    const [entry] = await database.query(
      'SELECT swept_at, swept_by, swept_why FROM training.dataset WHERE digest = $1',
      [train.ref.digest],
    );
    expect(entry).toEqual({ swept_at: null, swept_by: null, swept_why: null });
  });

  it('is refused by the next build when it has other rows', async () => {
    const { train } = await build();
    await sweepAndRestore(train);
    await database.execute(`DELETE FROM ${quoteTable(train.ref)} WHERE id < 10`);
    await expect(build()).rejects.toMatchObject({ code: 'dataset_damaged' });
  });

  it('is swept again, and found by an erasure', async () => {
    const { train } = await build();
    await sweepAndRestore(train);
    expect((await getDataset(database, train.ref.digest)).swept).toBeNull();
    const erasure = { source: 'people', key: { id: 7 }, who: 'tests', reason: 'asked to be forgotten' };
    const [row] = await database.query<{ id: string }>(`SELECT min(id) AS id FROM ${quoteTable(train.ref)}`);
    const held = await findDatasetsHolding(database, { ...erasure, key: { id: Number(row?.id) } });
    expect(held.map(({ ref }) => ref.digest)).toEqual([train.ref.digest]);
    expect(await sweepAll()).toBe(1);
    expect(await findDataset(database, train.ref.digest)).toBeUndefined();
  });

  it('keeps its name when another source made it again meanwhile', async () => {
    const { train } = await build();
    await sweepAll();
    const renamed = { ...relation, source: 'somebody' };
    const again = await buildTrainTest(database, { relation: renamed, split });
    expect(again.train).toEqual({ ref: train.ref, created: true });
  });
});

describe('an erasure', () => {
  it('drops the datasets that hold the key alone, and lets nobody build them again', async () => {
    const { train, test: held } = await build();
    const [row] = await database.query<{ id: string }>(`SELECT min(id) AS id FROM ${quoteTable(held.ref)}`);
    const key = { id: Number(row?.id) };
    const erasure = { source: 'people', key, who: 'tests', reason: 'asked to be forgotten' };
    const dropped = await eraseFromDatasets(database, erasure);
    expect(dropped.map(({ ref }) => ref.digest)).toEqual([held.ref.digest]);
    await verifyDataset(database, train.ref);
    await expect(rebuildDataset(database, held.ref.digest)).rejects.toMatchObject({
      code: 'dataset_unrepeatable',
      message: expect.stringContaining('erased'),
    });
    expect(await eraseFromDatasets(database, erasure)).toEqual([]);
    const [audit] = await database.query(
      'SELECT key_digest, digests, erased_by, reason FROM training.erasure ORDER BY id',
    );
    expect(audit).toMatchObject({ digests: [held.ref.digest], erased_by: 'tests', reason: erasure.reason });
    const others = await eraseFromDatasets(database, { ...erasure, source: 'other_people', key: { id: 1 } });
    expect(others).toEqual([]);
  });

  it.each([{}, { id: null }, { id: undefined }, undefined])(
    'is refused for a key without values, before anything is locked, and writes no audit: %j',
    async (key) => {
      const before = await database.query('SELECT id FROM training.erasure');
      const wrong = { source: 'people', key, who: 'tests', reason: 'asked' } as unknown as Erasure;
      const refused = { code: 'configuration_invalid' };
      await expect(findDatasetsHolding(database, wrong)).rejects.toMatchObject(refused);
      const transaction = vi.spyOn(database, 'transaction');
      await expect(eraseFromDatasets(database, wrong)).rejects.toMatchObject(refused);
      expect(transaction).not.toHaveBeenCalled();
      transaction.mockRestore();
      expect(await database.query('SELECT id FROM training.erasure')).toEqual(before);
    },
  );

  const forget = (source: string, id: number): Promise<readonly CataloguedDataset[]> =>
    eraseFromDatasets(database, { source, key: { id }, who: 'tests', reason: 'asked to be forgotten' });

  it('waits for a build that has read its rows already', async () => {
    const gate = await connectDatabase({ url: test.url, maxConnections: 1 });
    await gate.query('SELECT pg_advisory_lock(77)');
    const slow = {
      ...relation,
      sql: `${relation.sql} AND (SELECT pg_advisory_xact_lock_shared(77) IS NOT NULL)`,
    };
    const building = buildTrainTest(database, { relation: slow, split });
    await until(async () => (await waiting()) === 1);
    await database.execute('DELETE FROM people WHERE id = 5');
    let isErased = false;
    const erasing = forget('people', 5).finally(() => (isErased = true));
    await until(async () => isErased || (await waiting()) === 2);
    await gate.query('SELECT pg_advisory_unlock(77)');
    await gate.close();
    const built = await building;
    const digests = [built.train.ref.digest, built.test.ref.digest];
    expect(digests).toContain((await erasing)[0]?.ref.digest);
    expect(await forget('people', 5)).toEqual([]);
  });

  it('drops what was joined to the source, whose key may go by another name, and its predictions', async () => {
    const joined = { ...relation, source: 'orders', watermark: { orders: 1, people: 1 } };
    const { train, test: held } = await buildTrainTest(database, { relation: joined, split });
    const batch = await readDataset(database, held.ref, { columns: ['id'] });
    const stored = { model: 'people-model', test: held.ref, keyColumns: ['id'], batch };
    const predictions = await storePredictions(database, stored);
    const gone = await forget('people', 1_000_000);
    const all = [train, held, predictions].map(({ ref }) => ref.digest);
    expect(gone.map(({ ref }) => ref.digest).sort()).toEqual(all.sort());
    await expect(storePredictions(database, { ...stored, model: 'other' })).rejects.toMatchObject({
      code: 'dataset_not_found',
    });
  });

  it('finds content that another source gave first, and its predictions', async () => {
    const renamed = { ...relation, source: 'people_v2', watermark: { people_v2: 1 } };
    const { train } = await build();
    expect((await buildTrainTest(database, { relation: renamed, split })).train).toEqual({
      ref: train.ref,
      created: false,
    });
    const third = { ...relation, source: 'people_v3', watermark: {} };
    const { test: held } = await buildTrainTest(database, { relation: third, split });
    expect((await getDataset(database, held.ref.digest)).origins).toEqual([
      { formatVersion: 1, source: 'people', tables: ['people'] },
      { formatVersion: 1, source: 'people_v2', tables: ['people_v2'] },
      { formatVersion: 1, source: 'people_v3', tables: [] },
    ]);
    const batch = await readDataset(database, held.ref, { columns: ['id'] });
    const [id] = getNumericColumn(batch, 'id').values;
    const stored = { model: 'people-model', test: held.ref, keyColumns: ['id'], batch };
    const predictions = await storePredictions(database, stored);
    const erased = await forget('people_v2', id!);
    expect(erased.map(({ ref }) => ref.digest).sort()).toEqual(
      [held.ref.digest, predictions.ref.digest].sort(),
    );
  });

  it('finds the content of every source after a sweep and a build from another one', async () => {
    await build();
    await sweepAll();
    const renamed = { ...relation, source: 'people_v2', watermark: {} };
    const again = await buildTrainTest(database, { relation: renamed, split });
    const gone = await forget('people', 5);
    expect(gone).toHaveLength(1);
    expect([again.train.ref.digest, again.test.ref.digest]).toContain(gone[0]?.ref.digest);
  });

  it.each([
    ['a key column of another name', 'RENAME COLUMN id TO person', 'both'],
    ['a key column of another type', 'ALTER COLUMN id TYPE text', 'both'],
    ['another column that is gone', 'DROP COLUMN x', 'held'],
  ])('takes a table that somebody gave %s for what it may hold', async (_, change, expected) => {
    const { train, test: held } = await build();
    await database.execute(`ALTER TABLE ${quoteTable(train.ref)} ${change}`);
    const [row] = await database.query<{ id: string }>(`SELECT min(id) AS id FROM ${quoteTable(held.ref)}`);
    const gone = await forget('people', Number(row?.id));
    const both = [train.ref.digest, held.ref.digest].sort();
    expect(gone.map(({ ref }) => ref.digest).sort()).toEqual(expected === 'both' ? both : [held.ref.digest]);
  });

  it('is not kept from the others by a table that somebody dropped by hand', async () => {
    const { train, test: held } = await build();
    await database.execute(`DROP TABLE ${quoteTable(train.ref)}`);
    const [row] = await database.query<{ id: string }>(`SELECT min(id) AS id FROM ${quoteTable(held.ref)}`);
    const gone = await forget('people', Number(row?.id));
    expect(gone.map(({ ref }) => ref.digest).sort()).toEqual([train.ref.digest, held.ref.digest].sort());
  });
});

it('traces what was entered before origins were kept to the source of its recipe', async () => {
  const { test: held } = await build();
  const batch = await readDataset(database, held.ref, { columns: ['id'] });
  await storePredictions(database, { model: 'people-model', test: held.ref, keyColumns: ['id'], batch });
  const kept = (await listDatasets(database)).map(({ origins }) => origins);
  const migration = await readFile(new URL('0003_origins.sql', datasetsMigrations.folder), 'utf8');
  await database.execute("UPDATE training.dataset SET origins = '[]'");
  await database.execute(migration.split('--> statement-breakpoint')[1]!);
  expect((await listDatasets(database)).map(({ origins }) => origins)).toEqual(kept);
});

/** Sessions of this database that wait for a lock. */
async function waiting(queryable = database): Promise<number> {
  const [row] = await queryable.query<{ count: string }>(
    `SELECT count(DISTINCT pid) AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return Number(row?.count);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}
