import { SlipwayError } from '@slipway/contracts';
import {
  deployModel,
  explainVersion,
  monitorModel,
  planDeployment,
  promoteRun,
  retrainModel,
  type DeploymentContext,
  type ModelDefinition,
} from '@slipway/deployment';
import type { ModelVersion, Registry } from '@slipway/registry-client';
import { labelledPredictionRelation, predictionRelation } from '@slipway/serving';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createTestDeployment, day, type TestDeployment } from './test-deployment.ts';

const name = 'bike-demand-development';
const sources = {
  countLabels: () => Promise.resolve(0),
  predictions: (version: string, signature: Parameters<typeof predictionRelation>[0]['signature']) =>
    predictionRelation({ model: name, version, signature }),
  labelled: (version: string, signature: Parameters<typeof predictionRelation>[0]['signature']) =>
    labelledPredictionRelation({ model: name, version, signature }),
};

/** A model that somebody put behind `production`, or left there, without what a deployment knows of it. */
const cases: { title: string; gap: string; damage: (deployment: TestDeployment) => Promise<Registry> }[] = [
  {
    title: 'registered by hand without a run',
    gap: 'was not made by Slipway',
    damage: async ({ context }) => {
      const version = await registerByHand(context);
      return withVersions(context.registry, (found) =>
        found.version === version ? { ...found, runId: null } : found,
      );
    },
  },
  {
    title: 'registered by hand from a run of somebody',
    gap: 'was not made by Slipway',
    damage: async ({ context }) => {
      await registerByHand(context);
      return context.registry;
    },
  },
  {
    title: 'whose run was deleted for good',
    gap: 'has lost its run',
    damage: async ({ context: { registry } }) => {
      const serving = await registry.findVersionByAlias(name, 'production');
      return withoutRun(registry, serving!.runId!);
    },
  },
];

describe.each(cases)('a version $title that serves', ({ gap, damage }) => {
  let deployment: TestDeployment;
  let context: DeploymentContext;
  let version: string;

  beforeAll(async () => {
    deployment = await createTestDeployment();
    await deployment.loadBikes({ from: day('2011-01-01'), to: day('2011-03-01') });
    const first = await deployModel(deployment.context, withTrees(3));
    expect(first).toMatchObject({ outcome: 'promoted', version: '1' });
    context = { ...deployment.context, registry: await damage(deployment) };
    version = (await context.registry.findVersionByAlias(name, 'production'))!.version;
  });
  afterAll(() => deployment.remove());

  it('is explained as far as anything is known', async () => {
    for (const selector of ['production', version]) {
      const explained = await explainVersion(context, { model: 'bike-demand', selector });
      expect(explained).toMatchObject({
        version,
        aliases: ['production'],
        reason: `version ${version} ${gap}`,
      });
      expect(explained.moves.map(({ to }) => to)).toEqual(version === '1' ? ['1'] : []);
    }
  });

  it('cannot be monitored, and says what to do', async () => {
    const error = await monitorModel(context, withTrees(3), sources).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'file_not_found' });
    const { message } = error as Error;
    for (const part of [`ersion ${version} of ${name} has no drift baseline`, gap, 'slipway rollback'])
      expect(message).toContain(part);
  });

  it('refuses a candidate with the way out, ends its run, and is replaced by it', async () => {
    const changed = withTrees(4);
    expect(await planDeployment(context, changed)).toMatchObject({ action: 'deploy' });
    const kept = await deployModel(context, changed);
    expect(kept).toMatchObject({
      outcome: 'kept',
      verdict: { outcome: 'rejected', championVersion: version },
    });
    expect(kept.verdict!.sentence).toContain(`cannot be compared with: it ${gap}`);
    expect(await context.registry.getRun(kept.runId!)).toMatchObject({ status: 'FINISHED' });
    await deployment.loadBikes({ from: day('2011-03-01'), to: day('2011-04-01') });
    const retrained = await retrainModel(context, changed);
    expect(retrained).toMatchObject({ outcome: 'kept', verdict: { outcome: 'rejected' } });
    const moved = await promoteRun(context, changed, { runId: retrained.runId!, reason: 'a test' });
    expect(moved).toMatchObject({ outcome: 'moved', version: String(Number(version) + 1) });
    expect(await deployModel(context, withTrees(1))).toMatchObject({
      verdict: { outcome: 'rejected', gain: expect.any(Number) as number },
    });
  });
});

function withTrees(nEstimators: number): ModelDefinition {
  const params = { ...(bikeDemand.estimator as { params: object }).params, nEstimators };
  const estimator = { ...bikeDemand.estimator, params } as ModelDefinition['estimator'];
  return { ...bikeDemand, estimator };
}

/** What somebody does on MLflow's pages: a model of a notebook as the next version, and the alias on it. */
async function registerByHand({ registry }: DeploymentContext): Promise<string> {
  const { experimentId } = await registry.ensureExperiment('notebooks');
  const { runId } = await registry.createRun({ experimentId, runName: 'by hand', startTime: 0 });
  const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'pyfunc' });
  await registry.logModelArtifact(modelId, 'MLmodel', new TextEncoder().encode('flavors: {}\n'));
  await registry.finalizeLoggedModel(modelId, 'READY');
  const { version } = await registry.createModelVersion({ name, runId, modelId });
  await registry.setAlias(name, 'production', version);
  return version;
}

/** The embedded registry keeps a run for every version; MLflow does not. */
function withVersions(registry: Registry, change: (version: ModelVersion) => ModelVersion): Registry {
  return {
    ...registry,
    getModelVersion: async (...of) => change(await registry.getModelVersion(...of)),
    listModelVersions: async (of) => (await registry.listModelVersions(of)).map(change),
    findVersionByAlias: async (...of) => {
      const found = await registry.findVersionByAlias(...of);
      return found === undefined ? undefined : change(found);
    },
  };
}

function withoutRun(registry: Registry, gone: string): Registry {
  return {
    ...registry,
    getRun: (runId) =>
      runId === gone
        ? Promise.reject(new SlipwayError('run_not_found', { what: 'No run with that id' }))
        : registry.getRun(runId),
    searchRuns: async (options) => (await registry.searchRuns(options)).filter(({ runId }) => runId !== gone),
  };
}
