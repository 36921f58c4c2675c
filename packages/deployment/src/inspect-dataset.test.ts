import type { Relation } from '@slipway/contracts';
import { migrate, quoteTable } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { buildTrainTest, datasetsMigrations, splitSchema } from '@slipway/datasets';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeploymentContext } from './deployment-context.ts';
import { inspectDataset } from './inspect-dataset.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, datasetsMigrations);
}, 60_000);
afterAll(() => test.drop());

const relation: Relation = {
  source: 'hours',
  sql: "SELECT timestamptz '2026-01-01 00:00Z' + n * interval '1 hour' AS at, n * 1.0 AS y FROM generate_series(1, 50) AS n",
  parameters: [],
  columns: [
    { name: 'at', type: 'datetime', role: 'eventTime', nullable: false },
    { name: 'y', type: 'double', role: 'target', nullable: false },
  ],
  watermark: {},
};

it('says that a dataset is damaged whose event time somebody renamed', async () => {
  const { database } = test;
  const split = splitSchema.parse({ kind: 'time', cutoff: '2026-01-02T12:00:00Z' });
  const { train } = await buildTrainTest(database, { relation, split });
  // No run used it, so that the registry is not asked.
  const context = { database, now: Date.now } as DeploymentContext;
  expect((await inspectDataset(context, train.ref.table)).window).toEqual({
    from: new Date('2026-01-01T01:00:00Z'),
    to: new Date('2026-01-02T11:00:00Z'),
  });
  await database.execute(`ALTER TABLE ${quoteTable(train.ref)} RENAME COLUMN at TO moment`);
  await expect(inspectDataset(context, train.ref.table)).rejects.toMatchObject({ code: 'dataset_damaged' });
});
