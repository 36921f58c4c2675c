import { randomBytes } from 'node:crypto';
import { migrate, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  defineFeatureTable,
  ensureFeatureTable,
  featuresMigrations,
  loadFeatureTable,
  type FeatureTable,
} from './index.ts';
import { insertFirst } from './insert-first.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = test.database;
  await migrate(database, featuresMigrations);
});
afterAll(() => test.drop());

const define = (name: string): FeatureTable =>
  defineFeatureTable({
    name,
    owner: 'shops',
    entityKey: ['store'],
    columns: { store: { type: 'long' }, code: { type: 'string' } },
    unique: [['code']],
  });
const insert = (name: string): string =>
  `INSERT INTO features.${name} (store, code, loaded_by) VALUES (1, 'a', 1)`;
const indexesOf = (name: string): Promise<readonly unknown[]> =>
  database.query('SELECT indexname, indexdef FROM pg_indexes WHERE tablename = $1 ORDER BY 1', [name]);

describe('a first load', () => {
  it('leaves the indexes as they were made, holding what they hold', async () => {
    const table = define('stores');
    await ensureFeatureTable(database, table);
    const made = await indexesOf('stores');
    const rows = [
      { store: 1, code: 'a' },
      { store: 2, code: 'b' },
    ];
    const source = { kind: 'rows', rows, description: 'made up' } as const;
    const options = { holder: 'test', now: () => 0 };
    expect(await loadFeatureTable(database, table, source, options)).toMatchObject({ inserted: 2 });
    expect(made).toHaveLength(2);
    expect(await indexesOf('stores')).toEqual(made);
    await expect(database.execute(insert('stores'))).rejects.toMatchObject({
      details: { sqlState: '23505' },
    });
  });

  it('keeps to the slower way when rows are there, or another role owns the table', async () => {
    const table = define('shops');
    await ensureFeatureTable(database, table);
    const role = `loader_${randomBytes(6).toString('hex')}`;
    const undone = database.transaction(async (transaction) => {
      await transaction.execute(`CREATE ROLE ${role}`);
      await transaction.execute(`GRANT USAGE ON SCHEMA features TO ${role}`);
      await transaction.execute(`GRANT SELECT, INSERT ON features.shops TO ${role}`);
      await transaction.execute(`SET LOCAL ROLE ${role}`);
      expect(await insertFirst(transaction, table, insert('shops'))).toBe(undefined);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await database.transaction(async (transaction) => {
      expect(await insertFirst(transaction, table, insert('shops'))).toBe(1);
      expect(await insertFirst(transaction, table, insert('shops'))).toBe(undefined);
    });
  });
});
