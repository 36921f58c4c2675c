import type { Relation } from '@slipway/contracts';
import { migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { buildTrainTest, datasetsMigrations, findDataset, splitSchema } from '@slipway/datasets';
import { featuresMigrations } from '@slipway/features';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanUp } from './clean-up.ts';
import type { DeploymentContext } from './deployment-context.ts';

let test: TestDatabase;
let context: DeploymentContext;

beforeAll(async () => {
  test = await createTestDatabase();
  const { database } = test;
  for (const migrations of [datasetsMigrations, featuresMigrations]) await migrate(database, migrations);
  // No run used a dataset, so that the registry is not asked.
  const parts = { database, featureTables: new Map(), who: 'tests', now: () => Date.now() + 86_400_000 };
  context = parts as unknown as DeploymentContext;
}, 60_000);
afterAll(() => test.drop());

const build = (): ReturnType<typeof buildTrainTest> => {
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
  return buildTrainTest(test.database, { relation, split });
};

it.each([{ keepDays: NaN }, { keepDays: -1 }, { keepDays: null }, { keepDays: '30' }, { keepVersions: 1.5 }])(
  'drops nothing by a rule that is no count: %j',
  async (rule) => {
    const { train } = await build();
    const wrong = { ...rule, apply: true } as object;
    await expect(cleanUp(context, wrong)).rejects.toMatchObject({ code: 'invalid_argument' });
    expect(await findDataset(test.database, train.ref.digest)).toEqual(train.ref);
  },
);

it('takes the default of a rule that is undefined', async () => {
  const { train } = await build();
  const outcome = await cleanUp(context, {
    keepDays: undefined,
    keepVersions: undefined,
    apply: true,
  } as object);
  expect(outcome).toMatchObject({ dropped: [], failures: [] });
  expect(await findDataset(test.database, train.ref.digest)).toEqual(train.ref);
});

it('tells what was dropped when a later step fails, and throws in a dry run', async () => {
  const { train, test: held } = await build();
  await test.database.execute('ALTER TABLE features._reject RENAME TO _away');
  await expect(cleanUp(context, { keepDays: 0 })).rejects.toMatchObject({ code: 'database_query_failed' });
  const outcome = await cleanUp(context, { keepDays: 0, apply: true });
  expect(outcome.dropped.toSorted()).toEqual([held.ref.table, train.ref.table].toSorted());
  expect(outcome.failures).toMatchObject([{ code: 'database_query_failed' }]);
  await test.database.execute('ALTER TABLE features._away RENAME TO _reject');
});

it('tells what was dropped before a table that cannot be, and does the other steps', async () => {
  const { train, test: held } = await build();
  // A view that needs one of them: the newest is dropped first.
  await test.database.execute(`CREATE VIEW needs AS SELECT FROM training."${train.ref.table}"`);
  const outcome = await cleanUp(context, { keepDays: 0, apply: true });
  expect(outcome.dropped).toEqual([held.ref.table]);
  expect(outcome.failures).toMatchObject([{ code: 'database_query_failed' }]);
  expect(outcome.rejects).toBe(0);
});
