import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { createMlflowClient, type ModelVersion, type Registry } from '../src/index.ts';
import type { MlflowMajor, MlflowTestServer } from '../src/testing/index.ts';
import { logWithPython } from './log-with-python.ts';

/** Behaviour of one kind of server that the client must get right. */
export interface ServerTrap {
  readonly name: string;
  readonly majors: readonly MlflowMajor[];
  readonly run: (parts: { registry: Registry; server: MlflowTestServer }) => Promise<void>;
}

const uniqueName = (): string => `trap-${randomUUID().slice(0, 8)}`;
const text = (content: string): Uint8Array => new TextEncoder().encode(content);

/** A request beside the client, as another program would send it. */
async function ask(
  server: MlflowTestServer,
  { method, route, body }: { method: string; route: string; body: object },
): Promise<unknown> {
  const response = await fetch(`${server.url}/api/2.0/mlflow/${route}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function startModel(
  registry: Registry,
): Promise<{ experimentId: string; runId: string; modelId: string }> {
  const { experimentId } = await registry.ensureExperiment(uniqueName());
  const { runId } = await registry.createRun({ experimentId, runName: 'train', startTime: 1_000 });
  const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'demand' });
  return { experimentId, runId, modelId };
}

async function startVersion(registry: Registry): Promise<ModelVersion> {
  const { runId, modelId } = await startModel(registry);
  const name = uniqueName();
  await registry.ensureRegisteredModel(name);
  return registry.createModelVersion({ name, runId, modelId });
}

const both: readonly MlflowMajor[] = ['2', '3'];

/** The models that a run's pages show, on MLflow 2. */
async function readHistory(registry: Registry, runId: string): Promise<Record<string, unknown>[]> {
  const { tags } = await registry.getRun(runId);
  return JSON.parse(tags['mlflow.log-model.history'] ?? '[]') as Record<string, unknown>[];
}

export const serverTraps: readonly ServerTrap[] = [
  {
    name: 'a logged model that was made and not yet tied to its run is listed, in its order',
    majors: ['3'],
    async run({ registry, server }) {
      const { experimentId, runId, modelId } = await startModel(registry);
      const body = { experiment_id: experimentId, name: 'demand', source_run_id: runId };
      const made = await ask(server, { method: 'POST', route: 'logged-models', body });
      const untied = (made as { model: { info: { model_id: string } } }).model.info.model_id;
      expect((await registry.getRun(runId)).modelIds).toEqual([modelId]);
      const listed = await registry.listLoggedModels({ experimentId, runId });
      expect(listed.map((model) => [model.modelId, model.status])).toEqual([
        [modelId, 'PENDING'],
        [untied, 'PENDING'],
      ]);
    },
  },
  {
    name: 'an alias whose version was deleted points at nothing (2.22.5: 404, 3.17.2: unset)',
    majors: both,
    async run({ registry, server }) {
      const { name } = await startVersion(registry);
      await registry.setAlias(name, 'production', '1');
      await ask(server, { method: 'DELETE', route: 'model-versions/delete', body: { name, version: '1' } });
      expect(await registry.findVersionByAlias(name, 'production')).toBeUndefined();
      expect(await registry.listModelVersions(name)).toEqual([]);
    },
  },
  {
    name: 'a deleted experiment is an error that says how to restore it',
    majors: both,
    async run({ registry, server }) {
      const name = uniqueName();
      const { experimentId } = await registry.ensureExperiment(name);
      await ask(server, {
        method: 'POST',
        route: 'experiments/delete',
        body: { experiment_id: experimentId },
      });
      const message =
        `The experiment ${name} is deleted on the tracking server, and its name is still taken. Restore it ` +
        `("mlflow experiments restore -x ${experimentId}"), or remove it for good with "mlflow gc".`;
      await expect(registry.ensureExperiment(name)).rejects.toMatchObject({
        code: 'registry_rejected',
        message,
      });
      await expect(registry.findExperiment(name)).rejects.toMatchObject({ message });
      const run = registry.createRun({ experimentId, runName: 'late', startTime: 1 });
      await expect(run).rejects.toMatchObject({ code: 'registry_rejected' });
    },
  },
  {
    name: '3.17.2: a run names each of its logged models once, oldest first, however often it is said',
    majors: ['3'],
    async run({ registry }) {
      const { experimentId, runId, modelId } = await startModel(registry);
      const ids = [modelId];
      for (const name of ['b', 'c', 'd']) {
        ids.push((await registry.createLoggedModel({ experimentId, runId, name })).modelId);
      }
      for (const id of ids) await registry.finalizeLoggedModel(id, 'READY');
      for (const id of ids) await registry.finalizeLoggedModel(id, 'READY');
      expect((await registry.getRun(runId)).modelIds).toEqual(ids);
    },
  },
  {
    name: '3.17.2: a tie to the run that is missing is mended when the model is finalized',
    majors: ['3'],
    async run({ registry, server }) {
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      const { runId } = await registry.createRun({ experimentId, runName: 'train', startTime: 1 });
      const body = { experiment_id: experimentId, name: 'alone', source_run_id: runId };
      const { model } = (await ask(server, { method: 'POST', route: 'logged-models', body })) as {
        model: { info: { model_id: string } };
      };
      expect((await registry.getRun(runId)).modelIds).toEqual([]);
      await registry.finalizeLoggedModel(model.info.model_id, 'READY');
      expect((await registry.getRun(runId)).modelIds).toEqual([model.info.model_id]);
    },
  },
  {
    name: '3.17.2: a version keeps no model_id on the server: it is read from the source',
    majors: ['3'],
    async run({ registry }) {
      const { modelId, source } = await startVersion(registry);
      expect(source).toBe(`models:/${modelId}`);
    },
  },
  {
    name: "3.17.2: a model that was kept in its run before the server's upgrade is still found",
    majors: ['3'],
    async run({ registry, server }) {
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      const { runId } = await registry.createRun({ experimentId, runName: 'old', startTime: 1 });
      await registry.logBatch(runId, {
        tags: { 'slipway.logged_model.status': 'READY', 'slipway.logged_model.name': 'demand' },
      });
      await registry.logArtifact(runId, 'model/model.json', text('{}'));
      const name = uniqueName();
      await registry.ensureRegisteredModel(name);
      const source = `mlflow-artifacts:/${experimentId}/${runId}/artifacts/model`;
      await ask(server, {
        method: 'POST',
        route: 'model-versions/create',
        body: { name, source, run_id: runId },
      });
      const { modelId } = await registry.getModelVersion(name, '1');
      expect(modelId).toBe(`m-${runId}`);
      expect(await registry.getLoggedModel(`m-${runId}`)).toMatchObject({ name: 'demand', status: 'READY' });
      expect(await registry.listModelArtifacts(`m-${runId}`)).toEqual([{ path: 'model.json', size: 2 }]);
      expect(await registry.createModelVersion({ name, runId, modelId: `m-${runId}` })).toMatchObject({
        version: '2',
        modelId,
      });
    },
  },
  {
    name: "3.17.2: a model whose deploy died before the server's upgrade can be completed, or ended",
    majors: ['3'],
    async run({ registry }) {
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      const { runId } = await registry.createRun({ experimentId, runName: 'old', startTime: 1 });
      await registry.logBatch(runId, { tags: { 'slipway.logged_model.status': 'PENDING' } });
      const [begun] = await registry.listLoggedModels({ experimentId, runId });
      expect(begun).toMatchObject({ modelId: `m-${runId}`, status: 'PENDING' });
      const modelId = `m-${runId}`;
      const point = { key: 'rmse', value: 2, timestamp: 1, step: 0, modelId };
      await registry.logBatch(runId, { metrics: [point] });
      await registry.setLoggedModelTags(modelId, { why: 'upgrade' });
      const ended = await registry.finalizeLoggedModel(modelId, 'FAILED');
      expect(ended).toMatchObject({ status: 'FAILED', tags: { why: 'upgrade' }, metrics: [{ value: 2 }] });
    },
  },
  {
    name: "2.22.5: a logged model lies in its run's folder and tags, and a version names that folder",
    majors: ['2'],
    async run({ registry, server }) {
      const { experimentId, runId, modelId } = await startModel(registry);
      expect(modelId).toBe(`m-${runId}`);
      await registry.logModelArtifact(modelId, 'model.json', text('{}'));
      expect(await registry.listArtifacts(runId)).toEqual([{ path: 'model/model.json', size: 2 }]);
      const name = uniqueName();
      await registry.ensureRegisteredModel(name);
      const { source } = await registry.createModelVersion({
        name,
        runId,
        modelId,
        source: `models:/${modelId}`,
      });
      expect(source).toBe(`mlflow-artifacts:/${experimentId}/${runId}/artifacts/model`);
      const raw = await fetch(`${server.url}/api/2.0/mlflow/runs/get?run_id=${runId}`);
      expect(await raw.text()).toContain('slipway.logged_model.status');
    },
  },
  {
    name: '2.22.5: a run has one logged model: a new one takes its place until it is registered',
    majors: ['2'],
    async run({ registry }) {
      const { experimentId, runId, modelId } = await startModel(registry);
      await registry.logModelArtifact(modelId, 'old.json', text('{}'));
      await registry.setLoggedModelTags(modelId, { old: 'yes' });
      const again = { experimentId, runId, name: 'second', params: { seed: '1' } };
      const second = await registry.createLoggedModel(again);
      expect(second).toMatchObject({
        modelId,
        name: 'second',
        status: 'PENDING',
        tags: {},
        params: { seed: '1' },
      });
      expect(await registry.listModelArtifacts(modelId)).toEqual([]);
      const name = uniqueName();
      await registry.ensureRegisteredModel(name);
      await registry.createModelVersion({ name, runId, modelId });
      await expect(registry.createLoggedModel(again)).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { field: 'runId', reason: 'conflict' },
      });
    },
  },
  {
    name: '2.22.5: a model is announced once, so that the pages show it',
    majors: ['2'],
    async run({ registry }) {
      const { runId, modelId } = await startModel(registry);
      const mlmodel = text("flavors:\n  slipway: {schema: 1}\n  onnx:\n    data: model.onnx\nrun_id: 'x'\n");
      await registry.logModelArtifact(modelId, 'MLmodel', mlmodel);
      await registry.logModelArtifact(modelId, 'MLmodel', mlmodel);
      const history = await readHistory(registry, runId);
      expect(history).toHaveLength(1);
      expect(history[0]).toMatchObject({
        artifact_path: 'model',
        flavors: { slipway: { schema: 1 }, onnx: { data: 'model.onnx' } },
        run_id: runId,
      });
    },
  },
  {
    name: "2.22.5: of the same MLmodel the run says what Python's own client says",
    majors: ['2'],
    async run({ registry, server }) {
      const { experimentId, runId, modelId } = await startModel(registry);
      const python = await logWithPython(server, experimentId);
      const mlmodel = await registry.readArtifact(python.runId, 'model/MLmodel');
      await registry.logModelArtifact(modelId, 'MLmodel', mlmodel);
      const [theirs] = await readHistory(registry, python.runId);
      expect(theirs?.flavors).toMatchObject({ python_function: { loader_module: 'mlflow.pyfunc.model' } });
      expect(await readHistory(registry, runId)).toEqual([{ ...theirs, run_id: runId }]);
    },
  },
  {
    name: '2.22.5: a key of a logged model that does not fit beside our prefix is refused',
    majors: ['2'],
    async run({ registry }) {
      const { modelId } = await startModel(registry);
      await registry.setLoggedModelTags(modelId, { ['k'.repeat(225)]: 'x' });
      const longer = registry.setLoggedModelTags(modelId, { ['k'.repeat(226)]: 'x' });
      await expect(longer).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { field: 'tags.key' },
      });
    },
  },
  {
    name: 'a file that was cut short or spoilt on its way is found by its digest and written again',
    majors: both,
    async run({ registry, server }) {
      const { runId } = await startModel(registry);
      const content = new Uint8Array(1_500_000).fill(7);
      const spoilt = content.with(1_400_000, 8);
      const sent = [content.subarray(0, 1_000), spoilt, content];
      let puts = 0;
      const spoiling: typeof fetch = (input, init) =>
        fetch(input, init?.method === 'PUT' ? { ...init, body: sent[puts++] } : init);
      const client = createMlflowClient({ trackingUri: server.url, fetch: spoiling });
      await client.logArtifact(runId, 'big.bin', content);
      expect(puts).toBe(3);
      expect(Buffer.compare(await registry.readArtifact(runId, 'big.bin'), content)).toBe(0);
    },
  },
  {
    name: 'files that clients are to write to storage themselves are refused with the next step',
    majors: both,
    async run({ registry, server }) {
      const body = { name: uniqueName(), artifact_location: 's3://bucket/experiment' };
      await ask(server, { method: 'POST', route: 'experiments/create', body });
      const { experimentId } = await registry.ensureExperiment(body.name);
      const { runId } = await registry.createRun({ experimentId, runName: 'direct', startTime: 1 });
      const message =
        'The files of this run or model lie in storage of the kind "s3:", not behind the tracking server: expected a ' +
        'server that passes files through (mlflow-artifacts:/...), received one whose clients write to its storage ' +
        'themselves. Start it with --serve-artifacts and --artifacts-destination, and use a new experiment.';
      const refused = registry.logArtifact(runId, 'a.txt', text('x'));
      await expect(refused).rejects.toMatchObject({ code: 'registry_rejected', message });
    },
  },
];
