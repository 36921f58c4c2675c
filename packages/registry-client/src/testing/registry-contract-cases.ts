import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ModelVersion } from '../model-version.ts';
import type { Registry } from '../registry.ts';
import type { RunMetric } from '../run-metric.ts';
import type { RunBatch } from '../run-registry.ts';
import type { Run } from '../run.ts';

/** One thing every registry must do. */
export interface RegistryContractCase {
  /** A sentence; unique. */
  readonly name: string;
  /** Rejects with vitest's assertion error when the registry does otherwise. Names are new in every call. */
  readonly run: (registry: Registry) => Promise<void>;
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const uniqueName = (): string => `contract-${randomUUID().slice(0, 8)}`;

async function startRun(registry: Registry, tags: Record<string, string> = {}): Promise<Run> {
  const { experimentId } = await registry.ensureExperiment(uniqueName());
  return registry.createRun({ experimentId, runName: 'first', startTime: 1_000, tags });
}

async function createVersion(registry: Registry, name: string): Promise<ModelVersion> {
  const { runId, experimentId } = await startRun(registry);
  const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'model' });
  await registry.ensureRegisteredModel(name);
  return registry.createModelVersion({ name, runId, modelId, tags: { from: 'contract' } });
}

/** MLflow's behaviour as recorded from live servers (3.17.2 and 2.22.5), for every implementation alike. */
export const registryContractCases: readonly RegistryContractCase[] = [
  {
    name: 'finds or creates an experiment, also when asked at once',
    async run(registry) {
      const name = uniqueName();
      expect(await registry.findExperiment(name)).toBeUndefined();
      const found = await Promise.all([1, 2, 3].map(() => registry.ensureExperiment(name)));
      expect(new Set(found.map((experiment) => experiment.experimentId)).size).toBe(1);
    },
  },
  {
    name: 'writes the tags of an experiment when it creates it, and never again',
    async run(registry) {
      const name = uniqueName();
      const tags = { 'mlflow.note.content': "it's", kind: 'contract' };
      expect((await registry.ensureExperiment(name, { tags })).tags).toMatchObject(tags);
      await registry.ensureExperiment(name, { tags: { kind: 'other', more: '1' } });
      const found = await registry.findExperiment(name);
      expect(found?.tags).toMatchObject(tags);
      expect(found?.tags).not.toHaveProperty('more');
    },
  },
  {
    name: 'overwrites tags of an experiment and leaves the others',
    async run(registry) {
      const name = uniqueName();
      const { experimentId } = await registry.ensureExperiment(name, { tags: { kept: '1', metric: 'rmse' } });
      await registry.setExperimentTags(experimentId, { metric: 'mae', added: 'yes' });
      expect((await registry.findExperiment(name))?.tags).toMatchObject({
        kept: '1',
        metric: 'mae',
        added: 'yes',
      });
      await expect(registry.setExperimentTags('987654321', { metric: 'mae' })).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { field: 'experimentId', reason: 'not_found' },
      });
    },
  },

  {
    name: 'keeps params, tags and the latest value of each metric',
    async run(registry) {
      const { runId } = await startRun(registry, { kind: 'contract' });
      await registry.logBatch(runId, {
        params: { trees: '50' },
        tags: { outcome: 'passed' },
        metrics: [
          { key: 'rmse', value: 2, timestamp: 5, step: 1 },
          { key: 'rmse', value: 1, timestamp: 9, step: 0 },
        ],
      });
      const run = await registry.getRun(runId);
      expect(run).toMatchObject({ params: { trees: '50' }, metrics: { rmse: 2 }, status: 'RUNNING' });
      expect(run.tags).toMatchObject({ kind: 'contract', outcome: 'passed', 'mlflow.runName': 'first' });
      const history = await registry.getMetricHistory(runId, 'rmse');
      expect(history.map(({ step }) => step)).toEqual([0, 1]);
    },
  },

  {
    name: 'refuses another value for a param and writes nothing of that batch',
    async run(registry) {
      const { runId } = await startRun(registry);
      await registry.logBatch(runId, { params: { trees: '50' } });
      const batch = { params: { trees: '51' }, tags: { late: 'yes' } };
      await expect(registry.logBatch(runId, batch)).rejects.toMatchObject({ code: 'registry_rejected' });
      const run = await registry.getRun(runId);
      expect(run.params).toEqual({ trees: '50' });
      expect(run.tags).not.toHaveProperty('late');
    },
  },

  {
    name: 'refuses what MLflow would refuse or change: types, infinities, lengths, path tricks',
    async run(registry) {
      const { runId } = await startRun(registry);
      const point = { key: 'rmse', timestamp: 1, step: 0 };
      const wrong = 5 as unknown as string;
      const refused: RunBatch[] = [
        { tags: { wrong } },
        { metrics: [{ ...point, value: Infinity }] },
        { params: { long: 'x'.repeat(6_001) } },
        { tags: { '../up': 'x' } },
      ];
      for (const batch of refused) {
        await expect(registry.logBatch(runId, batch)).rejects.toMatchObject({ code: 'registry_rejected' });
      }
      await registry.logBatch(runId, { params: { long: 'x'.repeat(6_000) } });
    },
  },

  {
    name: 'searches runs by tags and status, newest first',
    async run(registry) {
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      const start = (startTime: number, kind: string): Promise<Run> =>
        registry.createRun({ experimentId, runName: kind, startTime, tags: { kind } });
      const old = await start(1_000, 'deployment');
      const young = await start(2_000, 'deployment');
      await start(3_000, 'tuning');
      const search = { experimentId, tags: { kind: 'deployment' } };
      const found = await registry.searchRuns(search);
      expect(found.map((run) => run.runId)).toEqual([young.runId, old.runId]);
      await registry.finishRun(old.runId, { status: 'FINISHED', endTime: 4_000 });
      const running = await registry.searchRuns({ ...search, status: 'RUNNING' });
      expect(running.map((run) => run.runId)).toEqual([young.runId]);
      expect(await registry.searchRuns({ ...search, maxResults: 1 })).toHaveLength(1);
    },
  },

  {
    name: 'keeps dataset inputs in order, each once',
    async run(registry) {
      const { runId } = await startRun(registry);
      const input = { name: 'train', digest: 'd'.repeat(32), source: '{}', sourceType: 'postgres' };
      const tags = { 'mlflow.data.context': 'training' };
      await registry.logInputs(runId, [{ ...input, tags }]);
      await registry.logInputs(runId, [input, { ...input, name: 'test' }]);
      const { inputs } = await registry.getRun(runId);
      expect(inputs.map(({ name }) => name)).toEqual(['train', 'test']);
      expect(inputs[0]?.tags).toEqual(tags);
    },
  },

  {
    name: 'stores, overwrites and lists the files of a run',
    async run(registry) {
      const { runId } = await startRun(registry);
      await registry.logArtifact(runId, 'reports/b.html', text('first'));
      await registry.logArtifact(runId, 'reports/b.html', text('second'));
      await registry.logArtifact(runId, 'a.json', text(''));
      expect(new TextDecoder().decode(await registry.readArtifact(runId, 'reports/b.html'))).toBe('second');
      expect(await registry.listArtifacts(runId)).toEqual([
        { path: 'a.json', size: 0 },
        { path: 'reports/b.html', size: 6 },
      ]);
      expect(await registry.listArtifacts(runId, 'reports')).toHaveLength(1);
      const missing = registry.readArtifact(runId, 'none.json');
      await expect(missing).rejects.toMatchObject({ code: 'file_not_found' });
      const outside = registry.logArtifact(runId, '../x', text('x'));
      await expect(outside).rejects.toMatchObject({ code: 'registry_rejected' });
    },
  },

  {
    name: 'stores a file of several megabytes byte for byte',
    async run(registry) {
      const { runId } = await startRun(registry);
      const content = Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 31 + (index >> 8)) & 255);
      await registry.logArtifact(runId, 'model.bin', content);
      expect(Buffer.compare(await registry.readArtifact(runId, 'model.bin'), content)).toBe(0);
    },
  },

  {
    name: 'takes a logged model from pending to ready and ties it to its run',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const model = await registry.createLoggedModel({ experimentId, runId, name: 'bike', tags: { a: 'b' } });
      expect(model).toMatchObject({ status: 'PENDING', runId, tags: { a: 'b' } });
      await registry.logModelArtifact(model.modelId, 'model.json', text('{}'));
      expect((await registry.finalizeLoggedModel(model.modelId, 'READY')).status).toBe('READY');
      expect((await registry.getRun(runId)).modelIds).toEqual([model.modelId]);
      expect(await registry.listModelArtifacts(model.modelId)).toEqual([{ path: 'model.json', size: 2 }]);
    },
  },

  {
    name: 'lists the logged models of a run, and none of another',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      expect(await registry.listLoggedModels({ experimentId, runId })).toEqual([]);
      const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'bike' });
      const [listed, ...more] = await registry.listLoggedModels({ experimentId, runId });
      expect(listed).toEqual(await registry.getLoggedModel(modelId));
      expect(more).toEqual([]);
      const later = await registry.createRun({ experimentId, runName: 'later', startTime: 2_000 });
      const elsewhere = await registry.ensureExperiment(uniqueName());
      for (const other of [
        { experimentId, runId: later.runId },
        { experimentId, runId: 'f'.repeat(32) },
        { experimentId: elsewhere.experimentId, runId },
      ]) {
        expect(await registry.listLoggedModels(other)).toEqual([]);
      }
    },
  },

  {
    name: 'numbers versions from 1, without gaps or doubles when called at once',
    async run(registry) {
      const name = uniqueName();
      await createVersion(registry, name);
      const more = await Promise.all([1, 2, 3, 4].map(() => createVersion(registry, name)));
      expect(more.map(({ version }) => Number(version)).sort()).toEqual([2, 3, 4, 5]);
      const listed = await registry.listModelVersions(name);
      expect(listed.map(({ version }) => version)).toEqual(['5', '4', '3', '2', '1']);
    },
  },

  {
    name: 'moves an alias, reads it back, and deletes it twice',
    async run(registry) {
      const name = uniqueName();
      await createVersion(registry, name);
      await createVersion(registry, name);
      expect(await registry.findVersionByAlias(name, 'production')).toBeUndefined();
      await registry.setAlias(name, 'production', '1');
      await registry.setAlias(name, 'production', '2');
      expect(await registry.findVersionByAlias(name, 'production')).toMatchObject({ version: '2' });
      expect((await registry.findRegisteredModel(name))?.aliases).toEqual({ production: '2' });
      await registry.deleteAlias(name, 'production');
      await registry.deleteAlias(name, 'production');
      expect(await registry.findVersionByAlias(name, 'production')).toBeUndefined();
    },
  },

  {
    name: 'refuses reserved aliases and unknown versions',
    async run(registry) {
      const name = uniqueName();
      await createVersion(registry, name);
      for (const alias of ['latest', 'v1', '7']) {
        const refused = registry.setAlias(name, alias, '1');
        await expect(refused).rejects.toMatchObject({ code: 'registry_rejected' });
      }
      const unknown = registry.setAlias(name, 'production', '9');
      await expect(unknown).rejects.toMatchObject({ code: 'model_version_not_found' });
    },
  },

  {
    name: 'overwrites version tags and answers clearly for what is not there',
    async run(registry) {
      const name = uniqueName();
      await createVersion(registry, name);
      await registry.setModelVersionTag(name, '1', 'slipway.move.1', 'first');
      await registry.setModelVersionTag(name, '1', 'slipway.move.1', 'second');
      expect((await registry.getModelVersion(name, '1')).tags).toMatchObject({ 'slipway.move.1': 'second' });
      expect(await registry.listModelVersions(uniqueName())).toEqual([]);
      expect(await registry.findRegisteredModel(uniqueName())).toBeUndefined();
      const unknownRun = registry.getRun('f'.repeat(32));
      await expect(unknownRun).rejects.toMatchObject({ code: 'run_not_found' });
    },
  },
  {
    name: 'finds nothing behind an alias that is not set, and none of a model that is not there',
    async run(registry) {
      const name = uniqueName();
      expect(await registry.findVersionByAlias(name, 'production')).toBeUndefined();
      await createVersion(registry, name);
      expect(await registry.findVersionByAlias(name, 'production')).toBeUndefined();
      await registry.setAlias(name, 'production', '1');
      const found = await registry.findVersionByAlias(name, 'production');
      expect(found).toMatchObject({ name, version: '1', aliases: ['production'] });
      expect(await registry.findVersionByAlias(name, 'Production')).toBeUndefined();
    },
  },
  {
    name: 'answers a bare run, model and version with empty lists',
    async run(registry) {
      const { runId } = await startRun(registry);
      const run = await registry.getRun(runId);
      expect(run).toMatchObject({ params: {}, metrics: {}, inputs: [], modelIds: [], endTime: null });
      expect(await registry.getMetricHistory(runId, 'rmse')).toEqual([]);
      expect(await registry.listArtifacts(runId)).toEqual([]);
      const name = uniqueName();
      const model = await registry.ensureRegisteredModel(name);
      expect(model).toMatchObject({ name, description: '', tags: {}, aliases: {} });
      expect(await registry.listModelVersions(name)).toEqual([]);
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      expect(await registry.searchRuns({ experimentId })).toEqual([]);
    },
  },
  {
    name: 'keeps NaN as the metric of a run, and refuses it for a logged model',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const point = { key: 'r2', value: NaN, timestamp: 5, step: 0 };
      await registry.logBatch(runId, { metrics: [point] });
      expect((await registry.getRun(runId)).metrics).toEqual({ r2: NaN });
      expect(await registry.getMetricHistory(runId, 'r2')).toEqual([point]);
      const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'model' });
      const tied = registry.logBatch(runId, { metrics: [{ ...point, modelId }] });
      await expect(tied).rejects.toMatchObject({ code: 'registry_rejected' });
    },
  },
  {
    name: 'orders a metric history by step, then time, and knows no history of an unknown run',
    async run(registry) {
      const { runId } = await startRun(registry);
      const at = (step: number, timestamp: number): RunMetric => ({ key: 'loss', value: 1, step, timestamp });
      await registry.logBatch(runId, { metrics: [at(2, 1), at(1, 9), at(1, 3)] });
      await registry.logBatch(runId, { metrics: [at(1, 9)] });
      expect(await registry.getMetricHistory(runId, 'loss')).toEqual([at(1, 3), at(1, 9), at(2, 1)]);
      const unknown = registry.getMetricHistory('f'.repeat(32), 'loss');
      await expect(unknown).rejects.toMatchObject({ code: 'run_not_found' });
    },
  },
  {
    name: 'takes a batch larger than one request of MLflow, and repeats it',
    async run(registry) {
      const { runId } = await startRun(registry);
      const texts = (prefix: string, count: number): Record<string, string> =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, `${index}`]));
      const metrics = Array.from({ length: 1_001 }, (_, step) => ({
        key: 'loss',
        value: step,
        timestamp: 1,
        step,
      }));
      const batch = { params: texts('p', 101), tags: texts('t', 101), metrics };
      await registry.logBatch(runId, batch);
      await registry.logBatch(runId, batch);
      const run = await registry.getRun(runId);
      expect(run.params).toEqual(batch.params);
      expect(run.tags).toMatchObject(batch.tags);
      expect(run.metrics).toEqual({ loss: 1_000 });
      expect(await registry.getMetricHistory(runId, 'loss')).toHaveLength(1_001);
      const late = { params: { ...texts('q', 100), p100: 'other' }, tags: { late: 'yes' } };
      await expect(registry.logBatch(runId, late)).rejects.toMatchObject({ code: 'registry_rejected' });
      const after = await registry.getRun(runId);
      expect(after.params).toEqual(batch.params);
      expect(after.tags).not.toHaveProperty('late');
    },
  },
  {
    name: 'keeps the longest param and tag whole, and refuses one character more',
    async run(registry) {
      const { runId } = await startRun(registry);
      const [param, tag] = ['ü'.repeat(6_000), 'ü'.repeat(8_000)];
      await registry.logBatch(runId, { params: { long: param }, tags: { long: tag } });
      const run = await registry.getRun(runId);
      expect([run.params['long'], run.tags['long']]).toEqual([param, tag]);
      const longer = registry.logBatch(runId, { tags: { longer: `${tag}x` } });
      await expect(longer).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { field: 'tags.value' },
      });
    },
  },
  {
    name: 'takes a dataset digest of 36 characters and no more; the first write of a dataset wins',
    async run(registry) {
      const { runId } = await startRun(registry);
      const input = { name: 'demand.test', digest: 'd'.repeat(36), source: '{}', sourceType: 'http' };
      await registry.logInputs(runId, [{ ...input, profile: '{"num_rows":3}' }]);
      await registry.logInputs(runId, [{ ...input, profile: '{"num_rows":4}', source: '{"url":"x"}' }]);
      const { inputs } = await registry.getRun(runId);
      expect(inputs).toEqual([{ ...input, profile: '{"num_rows":3}', tags: {} }]);
      const longer = registry.logInputs(runId, [{ ...input, digest: 'd'.repeat(37) }]);
      await expect(longer).rejects.toMatchObject({ code: 'registry_rejected', details: { field: 'digest' } });
    },
  },
  {
    name: 'finds runs by tags that hold quotes, backslashes, line ends or nothing',
    async run(registry) {
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      const values = ["it's", 'say "so"', `both ' and "`, 'C:\\x', 'two\nlines', '', "x' OR '1'='1"];
      for (const value of values) {
        const tags = { 'odd key/x': value };
        const { runId } = await registry.createRun({ experimentId, runName: 'odd', startTime: 1, tags });
        const found = await registry.searchRuns({ experimentId, tags, maxResults: 3 });
        expect(found.map((run) => run.runId)).toEqual([runId]);
      }
      expect(await registry.searchRuns({ experimentId })).toHaveLength(values.length);
    },
  },
  {
    name: 'renames a run, ends it, and refuses a run in an experiment that is not there',
    async run(registry) {
      const { runId } = await startRun(registry);
      const renamed = await registry.updateRun(runId, { runName: 'second' });
      expect(renamed).toMatchObject({
        runName: 'second',
        status: 'RUNNING',
        tags: { 'mlflow.runName': 'second' },
      });
      const ended = await registry.finishRun(runId, { status: 'FAILED', endTime: 2_000 });
      expect(ended).toMatchObject({ runName: 'second', status: 'FAILED', startTime: 1_000, endTime: 2_000 });
      const lost = registry.createRun({ experimentId: '999999999', runName: 'lost', startTime: 1 });
      await expect(lost).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { field: 'experimentId' },
      });
      const unknown = 'f'.repeat(32);
      for (const call of [
        (): Promise<unknown> => registry.updateRun(unknown, { runName: 'x' }),
        (): Promise<unknown> => registry.logBatch(unknown, { tags: { a: 'b' } }),
        (): Promise<unknown> => registry.logInputs(unknown, []),
        (): Promise<unknown> => registry.listArtifacts(unknown),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'run_not_found' });
      }
    },
  },
  {
    name: 'lists files at all depths with odd names, and reads each',
    async run(registry) {
      const { runId } = await startRun(registry);
      const paths = ['a b/ü&+;=x.json', "a b/q'(1)!.txt", 'deep/er/and/100%.bin', 'deep/c@d,e$.txt', 'z.txt'];
      for (const path of paths) await registry.logArtifact(runId, path, text(path));
      const listed = await registry.listArtifacts(runId);
      expect(listed.map(({ path }) => path)).toEqual([...paths].sort());
      for (const { path } of listed) {
        expect(new TextDecoder().decode(await registry.readArtifact(runId, path))).toBe(path);
      }
      expect(await registry.listArtifacts(runId, 'deep/er')).toHaveLength(1);
      expect(await registry.listArtifacts(runId, 'dee')).toEqual([]);
      for (const path of ['deep', 'deep/none', 'none/none']) {
        await expect(registry.readArtifact(runId, path)).rejects.toMatchObject({ code: 'file_not_found' });
      }
      const decodedTwice = registry.logArtifact(runId, 'a%41.txt', text('x'));
      await expect(decodedTwice).rejects.toMatchObject({ code: 'registry_rejected' });
    },
  },
  {
    name: 'keeps params, tags, type and status of a logged model',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const made = await registry.createLoggedModel({
        experimentId,
        runId,
        name: 'demand',
        modelType: 'random-forest',
        params: { seed: '42' },
        tags: { verdict: 'open' },
      });
      await registry.setLoggedModelTags(made.modelId, { verdict: 'rejected', more: 'yes' });
      await registry.finalizeLoggedModel(made.modelId, 'FAILED');
      await registry.finalizeLoggedModel(made.modelId, 'READY');
      const model = await registry.getLoggedModel(made.modelId);
      expect(model).toMatchObject({
        name: 'demand',
        modelType: 'random-forest',
        status: 'READY',
        experimentId,
      });
      expect(model.params).toEqual({ seed: '42' });
      expect(model.tags).toMatchObject({ verdict: 'rejected', more: 'yes' });
      expect(model.modelId).toMatch(/^m-[0-9a-f]{32}$/);
      const run = await registry.getRun(runId);
      expect(run.modelIds).toEqual([model.modelId]);
      expect(Object.keys(run.tags)).toEqual(['mlflow.runName']);
    },
  },
  {
    name: 'refuses a logged model of a run of another experiment, and knows none by a wrong id',
    async run(registry) {
      const { runId } = await startRun(registry);
      const { experimentId } = await registry.ensureExperiment(uniqueName());
      const elsewhere = registry.createLoggedModel({ experimentId, runId, name: 'model' });
      await expect(elsewhere).rejects.toMatchObject({ code: 'run_not_found' });
      const unknown = `m-${'f'.repeat(32)}`;
      for (const call of [
        (): Promise<unknown> => registry.getLoggedModel(unknown),
        (): Promise<unknown> => registry.finalizeLoggedModel(unknown, 'READY'),
        (): Promise<unknown> => registry.setLoggedModelTags(unknown, { a: 'b' }),
        (): Promise<unknown> => registry.logModelArtifact(unknown, 'x', text('x')),
        (): Promise<unknown> => registry.listModelArtifacts(unknown),
      ]) {
        await expect(call()).rejects.toMatchObject({
          code: 'registry_rejected',
          details: { field: 'modelId' },
        });
      }
    },
  },
  {
    name: 'ties a metric to a logged model and a dataset; another dataset needs another timestamp',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'model' });
      const dataset = { datasetName: 'demand.training', datasetDigest: 'c2fb788c7deedbee' };
      const mae = { key: 'mae', value: 1.1, timestamp: 1_000, step: 0, modelId, ...dataset };
      await registry.logBatch(runId, { metrics: [mae] });
      const test = { ...mae, value: 1.5, datasetName: 'demand.test', datasetDigest: '9f86d081884c7d65' };
      const same = registry.logBatch(runId, { metrics: [test] });
      await expect(same).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { reason: 'conflict' },
      });
      await registry.logBatch(runId, { metrics: [{ ...test, timestamp: 1_001 }] });
      await registry.logBatch(runId, { metrics: [mae, { ...test, timestamp: 1_001 }] });
      const { metrics } = await registry.getLoggedModel(modelId);
      const kept = { key: 'mae', step: 0, runId };
      expect(metrics).toEqual([
        { ...kept, value: 1.1, timestamp: 1_000, ...dataset },
        {
          ...kept,
          value: 1.5,
          timestamp: 1_001,
          datasetName: test.datasetName,
          datasetDigest: test.datasetDigest,
        },
      ]);
      expect((await registry.getRun(runId)).metrics).toEqual({ mae: 1.5 });
      const unknown = registry.logBatch(runId, { metrics: [{ ...mae, modelId: `m-${'f'.repeat(32)}` }] });
      await expect(unknown).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { reason: 'not_found' },
      });
    },
  },
  {
    name: 'keeps the metric that another run, of another experiment, measured on a logged model',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'model' });
      const later = await startRun(registry);
      const mae = { key: 'mae', value: 2, timestamp: 7, step: 0 };
      await registry.logBatch(later.runId, { metrics: [{ ...mae, modelId }], tags: { after: 'yes' } });
      expect((await registry.getLoggedModel(modelId)).metrics).toEqual([{ ...mae, runId: later.runId }]);
      expect((await registry.getRun(later.runId)).metrics).toEqual({ mae: 2 });
      expect((await registry.getRun(runId)).metrics).toEqual({});
    },
  },
  {
    name: 'makes a version that knows its logged model, run, tags and description',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'model' });
      await registry.logModelArtifact(modelId, 'native/model.json', text('{"trees":[]}'));
      await registry.finalizeLoggedModel(modelId, 'READY');
      const name = uniqueName();
      await registry.ensureRegisteredModel(name, { description: 'first', tags: { owner: 'demand' } });
      const known = await registry.ensureRegisteredModel(name, {
        description: 'second',
        tags: { owner: 'x' },
      });
      expect(known).toMatchObject({ description: 'first', tags: { owner: 'demand' } });
      const options = { name, runId, modelId, description: 'the first one', tags: { verdict: 'passed' } };
      await registry.createModelVersion(options);
      await registry.setAlias(name, 'production', '1');
      const expected = {
        name,
        version: '1',
        runId,
        modelId,
        description: 'the first one',
        tags: { verdict: 'passed' },
      };
      for (const version of [
        await registry.getModelVersion(name, '1'),
        (await registry.listModelVersions(name))[0],
        await registry.findVersionByAlias(name, 'production'),
      ]) {
        expect(version).toMatchObject({ ...expected, aliases: ['production'] });
        expect(await registry.listModelArtifacts(version?.modelId ?? '')).toEqual([
          { path: 'native/model.json', size: 12 },
        ]);
      }
    },
  },
  {
    name: 'makes no version of a run, logged model or registered model that is not there',
    async run(registry) {
      const { runId, experimentId } = await startRun(registry);
      const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'model' });
      const name = uniqueName();
      const without = registry.createModelVersion({ name, runId, modelId });
      await expect(without).rejects.toMatchObject({ code: 'registry_rejected', details: { field: 'name' } });
      await registry.ensureRegisteredModel(name);
      const unknownModel = registry.createModelVersion({ name, runId, modelId: `m-${'f'.repeat(32)}` });
      await expect(unknownModel).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { field: 'modelId' },
      });
      const unknownRun = registry.createModelVersion({ name, runId: 'f'.repeat(32), modelId });
      await expect(unknownRun).rejects.toMatchObject({ code: 'run_not_found' });
      const elsewhere = registry.createModelVersion({ name, runId, modelId, source: 's3://bucket/model' });
      await expect(elsewhere).rejects.toMatchObject({
        code: 'registry_rejected',
        details: { reason: 'conflict' },
      });
      expect(await registry.listModelVersions(name)).toEqual([]);
    },
  },
  {
    name: 'keeps a version tag of 5,000 characters and refuses one more',
    async run(registry) {
      const name = uniqueName();
      await createVersion(registry, name);
      const value = 'x'.repeat(5_000);
      await registry.setModelVersionTag(name, '1', 'big', value);
      expect((await registry.getModelVersion(name, '1')).tags['big']).toBe(value);
      const longer = registry.setModelVersionTag(name, '1', 'big', `${value}x`);
      await expect(longer).rejects.toMatchObject({ code: 'registry_rejected' });
      const unknown = registry.setModelVersionTag(name, '2', 'big', 'x');
      await expect(unknown).rejects.toMatchObject({ code: 'model_version_not_found' });
    },
  },
  {
    name: 'takes twelve calls at once without losing one',
    async run(registry) {
      const { runId } = await startRun(registry);
      const input = { source: '{}', sourceType: 'http', digest: '1' };
      const calls = Array.from({ length: 12 }, (_, index) => [
        registry.logBatch(runId, { tags: { [`tag${index}`]: 'x' }, params: { [`param${index}`]: 'y' } }),
        registry.logInputs(runId, [{ ...input, name: `data${index % 3}` }]),
      ]);
      await Promise.all(calls.flat());
      const run = await registry.getRun(runId);
      expect(Object.keys(run.params)).toHaveLength(12);
      expect(Object.keys(run.tags)).toHaveLength(13);
      expect(run.inputs.map(({ name }) => name).sort()).toEqual(['data0', 'data1', 'data2']);
    },
  },
];
