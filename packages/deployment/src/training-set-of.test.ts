import type { GateVerdict, Relation } from '@slipway/contracts';
import { migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { buildTrainTest, datasetsMigrations, type Split } from '@slipway/datasets';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeploymentContext } from './deployment-context.ts';
import { defineModel, type ModelDefinition } from './model-definition.ts';
import { runTag } from './run-tags.ts';
import { readTrainingSet } from './training-set-of.ts';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, datasetsMigrations);
}, 60_000);
afterAll(() => test.drop());

const modelOf = (featureTable: string): ModelDefinition =>
  defineModel({
    name: 'square',
    owner: 'tests',
    featureTable,
    target: 'y',
    features: ['x'],
    split: { kind: 'random', testShare: 0.25, seed: 7 },
    estimator: { family: 'random-forest', seed: 42, params: { nEstimators: 10 } },
    gate: { metric: 'rmse', threshold: 5 },
  });

async function buildFrom(source: string, split: Split = modelOf(source).split): Promise<string> {
  const relation: Relation = {
    source,
    sql: 'SELECT n AS id, n * 1.0 AS x, n * n * 1.0 AS y FROM generate_series(1, 50) AS n',
    parameters: [],
    columns: [
      { name: 'id', type: 'long', role: 'entityKey', nullable: false },
      { name: 'x', type: 'double', role: 'feature', nullable: false },
      { name: 'y', type: 'double', role: 'target', nullable: false },
    ],
    watermark: { [source]: 1 },
  };
  return (await buildTrainTest(test.database, { relation, split })).train.ref.digest;
}

/** A context whose registry knows deployments, the newest first, trained on these datasets. */
function deployedOn(
  ...deployments: (string | { readonly digest: string; readonly database: string })[]
): DeploymentContext {
  const verdict: GateVerdict = {
    formatVersion: 1,
    outcome: 'passed',
    against: 'threshold',
    sentence: '',
    rule: 'better',
    metric: 'rmse',
    direction: 'minimize',
    candidate: 1,
    champion: null,
    championVersion: null,
    championStored: null,
    threshold: 5,
    gain: null,
    confidence: null,
    confidenceRequired: null,
    rowsScored: 30,
    blocksScored: null,
    position: 'unknown',
    reason: null,
    override: null,
  };
  const tagsOf = (trainDigest: string): Record<string, string> => ({
    [runTag.outcome]: 'promoted',
    [runTag.verdict]: JSON.stringify(verdict),
    [runTag.gate]: '{}',
    [runTag.watermark]: '1',
    [runTag.trainDigest]: trainDigest,
  });
  const registry = {
    findExperiment: () => Promise.resolve({ experimentId: '1' }),
    searchRuns: () =>
      Promise.resolve(
        deployments.map((deployment) =>
          typeof deployment === 'string'
            ? { runId: deployment, tags: tagsOf(deployment) }
            : {
                runId: deployment.digest,
                tags: { ...tagsOf(deployment.digest), [runTag.database]: deployment.database },
              },
        ),
      ),
    listModelVersions: () => Promise.resolve([]),
  };
  return { database: test.database, environment: 'test', registry } as unknown as DeploymentContext;
}

it('is read of a table whose rows another one gave first, and refused of a third', async () => {
  const digest = await buildFrom('squares');
  expect(await buildFrom('squares_v2')).toBe(digest);
  const context = deployedOn(digest);
  for (const table of ['squares', 'squares_v2'])
    expect((await readTrainingSet(context, modelOf(table))).ref.digest).toBe(digest);
  await expect(readTrainingSet(context, modelOf('squares_v3'))).rejects.toMatchObject({
    code: 'not_deployable',
    message: expect.stringContaining('is of feature table "squares"'),
  });
});

it('is that of the newest deployment that fits, past one of another split', async () => {
  const fitting = await buildFrom('squares');
  const other = await buildFrom('squares', { kind: 'random', testShare: 0.5, seed: 7 });
  const { ref } = await readTrainingSet(deployedOn(other, fitting), modelOf('squares'));
  expect(ref.digest).toBe(fitting);
  const anothers = { digest: fitting, database: '00000000-0000-0000-0000-000000000000' };
  expect((await readTrainingSet(deployedOn(other, anothers, fitting), modelOf('squares'))).ref).toEqual(ref);
  await expect(readTrainingSet(deployedOn(other, anothers), modelOf('squares'))).rejects.toMatchObject({
    code: 'not_deployable',
    message: expect.stringContaining('was split in another way'),
  });
});
