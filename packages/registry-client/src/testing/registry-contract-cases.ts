import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { ModelVersion } from '../model-version.ts';
import type { Registry } from '../registry.ts';
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
    name: 'refuses what MLflow would refuse or change: types, infinities, lengths, too many',
    async run(registry) {
      const { runId } = await startRun(registry);
      const point = { key: 'rmse', timestamp: 1, step: 0 };
      const many = Array.from({ length: 1_001 }, () => ({ ...point, value: 1 }));
      const wrong = 5 as unknown as string;
      const refused: RunBatch[] = [
        { tags: { wrong } },
        { metrics: [{ ...point, value: Infinity }] },
        { params: { long: 'x'.repeat(6_001) } },
        { metrics: many },
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
];
