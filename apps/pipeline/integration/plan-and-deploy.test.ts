import { randomUUID } from 'node:crypto';
import { digestColumnBatch, findDataset, readDataset } from '@slipway/datasets';
import type { DeploymentPlan, DeployOutcome, Lineage } from '@slipway/deployment';
import { createEmbeddedRegistry } from '@slipway/registry-client/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const model = 'apps/pipeline/models/bike-demand.ts';
const load = ['features', 'load', 'bike_hours', '--file', 'apps/pipeline/data/bike-hours.csv'];
let project: CliProject;
let first: DeployOutcome;

beforeAll(async () => {
  project = await createCliProject();
  await project.edit(model, 'nEstimators: 100', 'nEstimators: 10');
  await project.json([...load, '--from', '2011-01-01', '--to', '2011-03-01']);
  first = await project.json(['deploy', 'bike-demand']);
});
afterAll(() => project.remove());

const planOf = (name: string): Promise<DeploymentPlan> => project.json(['plan', name]);

describe('slipway deploy', () => {
  it('prints one document with outcome, version, metrics, digests, reasons and verdict', () => {
    expect(first).toMatchObject({
      model: 'bike-demand',
      outcome: 'promoted',
      version: '1',
      watermark: 1,
      reasons: ['first deployment: nothing was decided before'],
      verdict: { outcome: 'passed', against: 'threshold', metric: 'rmse', threshold: 60 },
    });
    expect(first.metrics?.['rmse']).toBe(first.verdict?.candidate);
    expect(Object.keys(first.digests ?? {})).toEqual(['train', 'test', 'predictions', 'artifact']);
  });

  it('registers the digests that the rows have when they are hashed again in TypeScript', async () => {
    for (const kind of ['train', 'test', 'predictions'] as const) {
      const digest = first.digests![kind];
      const ref = await findDataset(project.database, digest);
      expect(digestColumnBatch(await readDataset(project.database, ref!))).toBe(digest);
    }
  });

  it('logs the model as a directory that MLflow loads, whose MLmodel names the data and the artifact', async () => {
    const { database } = project;
    const registry = createEmbeddedRegistry({ database, now: Date.now, generateId: randomUUID });
    const [version] = await registry.listModelVersions(first.registeredName);
    const modelId = version!.modelId!;
    const paths = (await registry.listModelArtifacts(modelId)).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['MLmodel', 'manifest.json', 'model.json', 'model.onnx']));
    const mlmodel = new TextDecoder().decode(await registry.readModelArtifact(modelId, 'MLmodel'));
    const { train, test, predictions, artifact } = first.digests!;
    for (const text of [train, test, predictions, artifact, first.runId!, modelId]) {
      expect(mlmodel).toContain(`: '${text}'\n`);
    }
  });

  it('does nothing the second time, after an edit of the README, and after a load of new rows; plan says so', async () => {
    expect(await planOf('bike-demand')).toMatchObject({ action: 'nothing', information: [] });
    await project.write('README.md', 'edited');
    expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing', version: '1' });
    await project.json([...load, '--from', '2011-03-01', '--to', '2011-03-15']);
    const plan = await planOf('bike-demand');
    expect(plan.action).toBe('nothing');
    expect(plan.information).toEqual([
      'new data: bike_hours is at load 2, the model at load 1; "slipway retrain" takes it',
    ]);
    const deployed = await project.json<DeployOutcome>(['deploy', 'bike-demand']);
    expect(deployed).toMatchObject({ outcome: 'nothing', information: plan.information });
  });

  it('knows what is deployed when the schema pipeline is dropped', async () => {
    await project.database.execute('DROP SCHEMA IF EXISTS pipeline CASCADE');
    expect(await planOf('bike-demand')).toMatchObject({ action: 'nothing', productionVersion: '1' });
    expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing' });
  });

  it('deploys exactly the model whose seed changed, on the data it was made from', async () => {
    await project.json(['features', 'load', 'diamonds', '--file', 'apps/pipeline/data/diamonds.csv']);
    expect(await project.json(['deploy', 'diamond-price'])).toMatchObject({
      outcome: 'promoted',
      version: '1',
    });
    await project.edit(model, 'seed: 42', 'seed: 43');
    const plans = await project.json<DeploymentPlan[]>(['plan']);
    expect(plans.map(({ model: name, action, reasons }) => [name, action, reasons])).toEqual([
      ['bike-demand', 'deploy', ['estimator.seed 42 -> 43']],
      ['diamond-price', 'nothing', ['version 1 was made from exactly these inputs']],
    ]);
    const result = await project.run('deploy', '--json');
    const [bike, diamonds] = JSON.parse(result.stdout) as [DeployOutcome, DeployOutcome];
    expect(diamonds.outcome).toBe('nothing');
    expect(bike.watermark).toBe(1);
    expect(bike.digests).toMatchObject({ train: first.digests!.train, test: first.digests!.test });
    expect(bike.digests?.artifact).not.toBe(first.digests?.artifact);
    expect(result.code).toBe(bike.outcome === 'kept' ? 4 : 0);
  });

  it('explains a version down to dataset digests and git commit', async () => {
    const lineage = await project.json<Lineage>(['explain', 'bike-demand@1']);
    expect(lineage).toMatchObject({
      version: '1',
      gitCommit: 'f'.repeat(40),
      by: 'ada',
      featureTable: 'bike_hours',
      watermark: 1,
      artifactDigest: first.digests?.artifact,
      datasets: { train: { digest: first.digests?.train }, test: { digest: first.digests?.test } },
    });
    const { stdout } = await project.run('explain', 'bike-demand@1');
    for (const text of [first.digests!.train, first.digests!.test, 'f'.repeat(40), 'load 1', 'passed']) {
      expect(stdout).toContain(text);
    }
  });

  it('scores the champion on features that the candidate does without', async () => {
    await project.edit(model, "    'wind',\n", '');
    await project.edit(model, ", 'wind']", ']');
    const result = await project.run('deploy', 'bike-demand', '--json');
    const { outcome, verdict } = JSON.parse(result.stdout) as DeployOutcome;
    expect(['promoted', 'kept']).toContain(outcome);
    expect(verdict).toMatchObject({ against: 'champion' });
    expect(verdict!.champion).toBeGreaterThan(0);
    expect(verdict!.confidence).not.toBeNull();
  });

  it('holds a refused candidate until a person lets it serve, with a reason that is kept', async () => {
    const { productionVersion } = await planOf('bike-demand');
    await project.edit(model, 'nEstimators: 10', 'nEstimators: 1, maxDepth: 1');
    const refused = await project.run('deploy', 'bike-demand', '--json');
    const outcome = JSON.parse(refused.stdout) as DeployOutcome;
    expect(refused.code).toBe(4);
    expect(outcome).toMatchObject({ outcome: 'kept', version: null, verdict: { outcome: 'rejected' } });
    const wayOut = `slipway promote bike-demand --run ${outcome.runId} --reason <why>`;
    expect(await planOf('bike-demand')).toMatchObject({
      action: 'held',
      productionVersion,
      reasons: [expect.stringMatching(/^on [\d-]+ [\d:]+ rejected: (?!rejected)/)],
      information: [`to let it serve anyway: ${wayOut}`, expect.stringContaining('new data')],
    });
    const again = await project.run('deploy', 'bike-demand');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(wayOut) });
    const reason = 'simple enough to explain';
    const promotion = ['promote', 'bike-demand', '--run', outcome.runId!, '--reason', reason];
    const promoted = await project.json<{ version: string }>(promotion);
    const lineage = await project.json<Lineage>(['explain', 'bike-demand@production']);
    expect(lineage).toMatchObject({ version: promoted.version, verdict: { outcome: 'overridden' } });
    expect(lineage.moves.at(-1)).toMatchObject({ verb: 'promote', why: reason, who: 'ada' });
    expect(await planOf('bike-demand')).toMatchObject({ action: 'nothing' });
  });

  it('holds what was rolled back from, whatever was tried in between', async () => {
    const params = 'nEstimators: 1, maxDepth: 1';
    const bad = await planOf('bike-demand');
    await project.json(['rollback', 'bike-demand', '--reason', 'it swings']);
    const held = {
      action: 'held',
      inputsDigest: bad.inputsDigest,
      reasons: [`version ${bad.productionVersion} was rolled back from: it swings`],
      information: [
        expect.stringContaining(`--version ${bad.productionVersion} --reason`),
        expect.anything(),
      ],
    };
    expect(await planOf('bike-demand')).toMatchObject(held);
    await project.edit(model, params, 'nEstimators: 1, maxDepth: 2');
    const detour = JSON.parse((await project.run('deploy', 'bike-demand', '--json')).stdout) as DeployOutcome;
    expect(['promoted', 'kept']).toContain(detour.outcome);
    await project.edit(model, 'nEstimators: 1, maxDepth: 2', params);
    expect(await planOf('bike-demand')).toMatchObject(held);
    expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'held' });
    expect((await planOf('bike-demand')).productionVersion).not.toBe(bad.productionVersion);
  });

  it('keeps two deploys of one model at once apart: one works, the other waits and finds nothing to do', async () => {
    await project.edit(model, 'seed: 43', 'seed: 44');
    const [one, other] = await Promise.all([
      project.run('deploy', 'bike-demand', '--json'),
      project.run('deploy', 'bike-demand', '--json'),
    ]);
    const outcomes = [one, other].map(({ stdout }) => (JSON.parse(stdout) as DeployOutcome).outcome).sort();
    const decided = outcomes.filter((outcome) => outcome === 'promoted' || outcome === 'kept');
    expect(decided).toHaveLength(1);
    expect(outcomes.some((outcome) => outcome === 'nothing' || outcome === 'held')).toBe(true);
  });
});
