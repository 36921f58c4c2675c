import {
  deployModel,
  planDeployment,
  retrainModel,
  type DeploymentContext,
  type ModelDefinition,
} from '@slipway/deployment';
import type { Registry } from '@slipway/registry-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createTestDeployment, day, type TestDeployment } from './test-deployment.ts';

const databaseTag = 'slipway.database';
let [july, may]: TestDeployment[] = [];
let first: DeploymentContext;
let second: DeploymentContext;

beforeAll(async () => {
  [july, may] = [await createTestDeployment(), await createTestDeployment()];
  await july.loadBikes({ from: day('2011-01-01'), to: day('2011-07-01') });
  await may.loadBikes({ from: day('2011-01-01'), to: day('2011-05-01') });
  first = july.context;
  second = { ...may.context, registry: first.registry };
});
afterAll(async () => {
  await july?.remove();
  await may?.remove();
});

function withTrees(nEstimators: number): ModelDefinition {
  const params = { ...(bikeDemand.estimator as { params: object }).params, nEstimators };
  const estimator = { ...bikeDemand.estimator, params } as ModelDefinition['estimator'];
  return { ...bikeDemand, estimator };
}

/** A deploy that dies as soon as its run stands. */
function dying(context: DeploymentContext): DeploymentContext {
  const registry: Registry = { ...context.registry, logInputs: () => Promise.reject(new Error('killed')) };
  return { ...context, registry };
}

describe('two databases that deploy into one registry under the same names', () => {
  it('leave the run alone that the other has begun with the same inputs', async () => {
    await expect(deployModel(dying(first), withTrees(12))).rejects.toThrow('killed');
    await expect(deployModel(dying(second), withTrees(12))).rejects.toThrow('killed');
    const { experimentId } = (await first.registry.findExperiment('bike-demand-development'))!;
    const runs = await first.registry.searchRuns({ experimentId, status: 'RUNNING' });
    expect(runs).toHaveLength(2);
    expect(new Set(runs.map(({ tags }) => tags[databaseTag])).size).toBe(2);
    expect(new Set(runs.map(({ tags }) => tags['slipway.inputs_digest'])).size).toBe(1);
    const deployed = await deployModel(first, withTrees(12));
    expect(deployed).toMatchObject({ outcome: 'promoted', version: '1' });
    expect(deployed.runId).toBe(runs[1]!.runId);
  });

  it('cannot both deploy: the second is told to take another environment', async () => {
    const refused = {
      code: 'not_deployable',
      message: expect.stringMatching(/another database, by run .*SLIPWAY_ENV/s) as string,
    };
    await expect(planDeployment(second, withTrees(12))).rejects.toMatchObject(refused);
    await expect(deployModel(second, withTrees(4))).rejects.toMatchObject(refused);
    await expect(retrainModel(second, withTrees(12))).rejects.toMatchObject(refused);
    expect(await planDeployment(first, withTrees(12))).toMatchObject({ action: 'nothing' });
    const elsewhere = await planDeployment({ ...second, environment: 'mine' }, withTrees(12));
    expect(elsewhere).toMatchObject({ action: 'deploy' });
  });

  it('go on with the second when the first is lost and its tag removed', async () => {
    const version = await first.registry.getModelVersion('bike-demand-development', '1');
    await july!.context.database.execute(`UPDATE registry.run SET tags = tags - $1 WHERE run_id = $2`, [
      databaseTag,
      version.runId,
    ]);
    expect(await planDeployment(second, withTrees(12))).toMatchObject({ action: 'nothing' });
  });
});
