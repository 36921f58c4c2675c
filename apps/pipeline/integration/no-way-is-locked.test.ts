import { randomUUID } from 'node:crypto';
import type { DeploymentPlan, DeployOutcome } from '@slipway/deployment';
import { createEmbeddedRegistry } from '@slipway/registry-client/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const model = 'apps/pipeline/models/bike-demand.ts';
const load = ['features', 'load', 'bike_hours', '--file', 'apps/pipeline/data/bike-hours.csv'];
let project: CliProject;

beforeAll(async () => {
  project = await createCliProject();
  await project.edit(model, 'nEstimators: 100', 'nEstimators: 10');
  await project.json([...load, '--to', '2011-03-01']);
  expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'promoted', version: '1' });
});
afterAll(() => project.remove());

describe('a model that serves', () => {
  it('has nothing to deploy when a refused change is taken back', async () => {
    await project.edit(model, 'nEstimators: 10', 'nEstimators: 1, maxDepth: 1');
    const refused = await project.run('deploy', 'bike-demand', '--json');
    expect(JSON.parse(refused.stdout) as DeployOutcome).toMatchObject({ verdict: { outcome: 'rejected' } });
    await project.edit(model, 'nEstimators: 1, maxDepth: 1', 'nEstimators: 10');
    const plan = await project.json<DeploymentPlan>(['plan', 'bike-demand']);
    expect(plan).toMatchObject({
      action: 'nothing',
      reasons: ['version 1 serves and was made from these inputs'],
    });
  });

  it('can be rolled back although somebody edited an entry of the audit into nonsense', async () => {
    await project.json([...load, '--from', '2011-03-01', '--to', '2011-05-01']);
    expect(await project.json(['retrain', 'bike-demand'])).toMatchObject({
      outcome: 'promoted',
      version: '2',
    });
    await project.database.execute(
      `UPDATE registry.model_version SET tags = tags || '{"slipway.move.99": "nonsense"}' WHERE version = 1`,
    );
    const moved = await project.json(['rollback', 'bike-demand', '--reason', 'a test']);
    expect(moved).toMatchObject({ outcome: 'moved', version: '1' });
    expect(await project.json<DeploymentPlan>(['plan', 'bike-demand'])).toMatchObject({
      action: 'held',
      information: ['to let it serve anyway: slipway promote bike-demand --version 2 --reason <why>'],
    });
  });

  it('is not retrained into what was rolled back from when another change was refused in between', async () => {
    await project.edit(model, 'nEstimators: 10', 'nEstimators: 1, maxDepth: 1');
    const refused = await project.run('deploy', 'bike-demand', '--json');
    expect(JSON.parse(refused.stdout) as DeployOutcome).toMatchObject({ verdict: { outcome: 'rejected' } });
    await project.edit(model, 'nEstimators: 1, maxDepth: 1', 'nEstimators: 10');
    expect(await project.json(['retrain', 'bike-demand'])).toMatchObject({
      outcome: 'held',
      reasons: ['version 2 was rolled back from: a test'],
      information: ['to let it serve anyway: slipway promote bike-demand --version 2 --reason <why>'],
    });
  });

  it('is explained, not monitored and left again when somebody registered it by hand', async () => {
    const { database } = project;
    const generateId = (): string => randomUUID().replaceAll('-', '');
    const registry = createEmbeddedRegistry({ database, now: Date.now, generateId });
    const { experimentId } = await registry.ensureExperiment('notebooks');
    const { runId } = await registry.createRun({ experimentId, runName: 'by hand', startTime: 0 });
    const name = 'bike-demand-development';
    const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'pyfunc' });
    const byHand = await registry.createModelVersion({
      name,
      runId,
      modelId,
      description: 'from a notebook',
    });
    expect(byHand.version).toBe('3');
    await project.json(['promote', 'bike-demand', '--version', '3', '--reason', 'a test']);
    const { code, stdout } = await project.run('explain', 'bike-demand@production');
    expect(code).toBe(0);
    const parts = [`${name} version 3 (production)`, 'none: version 3 was not made by Slipway', runId];
    for (const part of [...parts, 'from a notebook', '1 -> 3 (a test)']) expect(stdout).toContain(part);
    const monitored = await project.json(['monitor', 'bike-demand'], 2);
    expect(monitored).toMatchObject({ outcome: 'failed', code: 'file_not_found' });
    const moved = await project.json(['rollback', 'bike-demand', '--reason', 'a test']);
    expect(moved).toMatchObject({ outcome: 'moved', version: '1' });
  });
});
