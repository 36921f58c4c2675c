import type { Relation } from '@slipway/contracts';
import { migrate, type Database, type Queryable } from '@slipway/database';
import { createTestDatabase, findPostgresServer, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  digestColumnBatch,
  readDataset,
  splitSchema,
} from '../src/index.ts';

const servers = new Map<string, TestDatabase>();

beforeAll(async () => {
  const { url: server } = await findPostgresServer(process.env['DATABASE_URL']);
  servers.set('a server', await createTestDatabase({ server }));
  servers.set('the embedded server', await createTestDatabase());
});
afterAll(async () => {
  for (const { drop } of servers.values()) await drop();
});

const numbers = Array.from({ length: 16 }, (_, index) => `value_${index}`);
const relation: Relation = {
  source: 'wide',
  sql: 'SELECT * FROM wide',
  parameters: [],
  columns: [
    { name: 'id', type: 'long', role: 'entityKey', nullable: false },
    ...numbers.map((name) => ({ name, type: 'double', role: 'feature', nullable: true }) as const),
    { name: 'kind', type: 'string', role: 'feature', nullable: true },
    { name: 'y', type: 'double', role: 'target', nullable: false },
  ],
  watermark: {},
};

/** A table above `min_parallel_table_scan_size` (8 MB) on each side of the split, with NULLs and zeros of both signs. */
async function createWide(database: Database): Promise<void> {
  const cells = numbers.map((_, index) => `nullif(sin(n * ${index + 1}) * (n % 3 - 1), -1)`);
  await database.execute(
    `CREATE TABLE wide AS SELECT n::bigint AS id, ${cells.map((cell, index) => `${cell} AS value_${index}`).join(', ')},
       nullif('kind ' || n % 7, 'kind 3') AS kind, n * 0.5::float8 AS y FROM generate_series(1, 150000) AS n`,
  );
}

/** A database that notes, before it runs a statement, which ones the planner gives to workers. */
function explaining(database: Database, parallel: string[]): Database {
  const explain = async (
    queryable: Queryable,
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<void> => {
    if (!/^(WITH|SELECT|CREATE (UNLOGGED )?TABLE)/.test(sql)) return;
    const plan = await queryable.query(`EXPLAIN ${sql}`, parameters);
    if (JSON.stringify(plan).includes('Gather')) parallel.push(sql.replaceAll(/"build_\w+"/g, 'build'));
  };
  const watched = (queryable: Queryable): Queryable => ({
    ...queryable,
    query: async (sql, parameters) => {
      await explain(queryable, sql, parameters);
      return queryable.query(sql, parameters);
    },
    execute: async (sql, parameters) => {
      await explain(queryable, sql, parameters);
      return queryable.execute(sql, parameters);
    },
  });
  return {
    ...database,
    transaction: (work) => database.transaction((transaction) => work(watched(transaction))),
  };
}

describe('a build of many rows', () => {
  it.each(['a server', 'the embedded server'])(
    'places and hashes rows in parallel workers, to the digest that memory comes to: %s',
    async (name) => {
      const { database } = servers.get(name)!;
      await migrate(database, datasetsMigrations);
      await createWide(database);
      const parallel: string[] = [];
      const split = splitSchema.parse({ kind: 'random', testShare: 0.5, seed: 7 });
      const built = await buildTrainTest(explaining(database, parallel), { relation, split });
      for (const { ref } of [built.train, built.test])
        expect(digestColumnBatch(await readDataset(database, ref))).toBe(ref.digest);
      expect(built.train.ref.rowCount + built.test.ref.rowCount).toBe(150_000);
      expect(parallel.filter((sql) => sql.startsWith('CREATE UNLOGGED TABLE'))).toHaveLength(1);
      expect(parallel.filter((sql) => sql.startsWith('WITH bucket'))).toHaveLength(2);
    },
  );
});
