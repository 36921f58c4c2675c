import { SlipwayError, type Relation } from '@slipway/contracts';
import { connectDatabase, migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  buildTrainTest,
  datasetsMigrations,
  digestTable,
  getDataset,
  readDataset,
  splitSchema,
  storePredictions,
  type StoredDataset,
} from './index.ts';

let test: TestDatabase;
let train: StoredDataset;

const relation: Relation = {
  source: 'numbers',
  sql: 'SELECT n AS id, n * 1.0 AS y FROM generate_series(1, 50) AS n',
  parameters: [],
  columns: [
    { name: 'id', type: 'long', role: 'entityKey', nullable: false },
    { name: 'y', type: 'double', role: 'target', nullable: false },
  ],
  watermark: {},
};
const split = splitSchema.parse({ kind: 'random', testShare: 0.3, seed: 1 });

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, datasetsMigrations);
  ({ train } = await buildTrainTest(test.database, { relation, split }));
});
afterAll(() => test.drop());

const failures: readonly (readonly [string, string, () => Promise<unknown>])[] = [
  [
    'a split by a column that is none',
    'configuration_invalid',
    () =>
      buildTrainTest(test.database, {
        relation,
        split: splitSchema.parse({ kind: 'group', by: 'nobody', testShare: 0.3, seed: 1 }),
      }),
  ],
  [
    'a column that a dataset lacks',
    'schema_mismatch',
    () => readDataset(test.database, train.ref, { columns: ['nobody'] }),
  ],
  [
    'predictions of another number of rows',
    'schema_mismatch',
    async () =>
      storePredictions(test.database, {
        model: 'm',
        test: train.ref,
        keyColumns: ['id'],
        batch: { rowCount: 0, columns: [] },
      }),
  ],
  [
    'the beginning of two digests',
    'invalid_argument',
    async () => {
      await test.database.execute(
        `INSERT INTO training.dataset (digest, kind, table_name, row_count, columns, recipe)
         SELECT repeat('a', 63) || n, 'train', 'of_' || n, 1, '[]', recipe FROM training.dataset, generate_series(1, 2) AS n
         WHERE digest = $1`,
        [train.ref.digest],
      );
      await getDataset(test.database, 'aaaaaaaa');
    },
  ],
  [
    'a session of another encoding',
    'database_encoding',
    async () => {
      const other = await connectDatabase({ url: test.url, maxConnections: 1 });
      await other.execute("SET client_encoding = 'LATIN1'");
      await digestTable(other, train.ref, train.ref.columns).finally(() => other.close());
    },
  ],
];

it.each(failures)('%s is an error that says what to do next', async (_, code, fail) => {
  const error: unknown = await fail().catch((thrown: unknown) => thrown);
  expect(SlipwayError.isInstance(error) && { code: error.code, says: error.next !== undefined }).toEqual({
    code,
    says: true,
  });
});
