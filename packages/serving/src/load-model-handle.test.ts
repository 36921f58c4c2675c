import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchFromRows, type ModelSignature } from '@slipway/contracts';
import { migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { writeArtifact, type Artifact } from '@slipway/models';
import type { ModelVersion, Registry } from '@slipway/registry-client';
import { createEmbeddedRegistry, registryMigrations } from '@slipway/registry-client/embedded';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHandleCache, loadModelHandle } from './index.ts';

let test: TestDatabase;
let registry: Registry;
let directory: string;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, registryMigrations);
  const generateId = (): string => randomUUID().replaceAll('-', '');
  registry = createEmbeddedRegistry({ database: test.database, now: Date.now, generateId });
});
afterAll(() => test.drop());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-cache-'));
});
afterEach(() => rm(directory, { recursive: true }));

const signature: ModelSignature = {
  formatVersion: 1,
  inputs: [{ name: 'size', type: 'double', nullable: false }],
  output: { name: 'price', type: 'double' },
};
const inputExample = batchFromRows([{ size: 1 }], signature.inputs);
const artifact = (mean: number): Artifact =>
  writeArtifact(
    {
      formatVersion: 1,
      signature,
      preprocessing: [],
      estimator: { family: 'mean', mean },
      targetTransform: 'none',
    },
    { inputExample },
  );

/** Registers files as the next version of the model. */
async function register(files: Artifact['files'], tags: Record<string, string>): Promise<ModelVersion> {
  const { experimentId } = await registry.ensureExperiment('shop');
  const { runId } = await registry.createRun({ experimentId, runName: 'run', startTime: 1 });
  const { modelId } = await registry.createLoggedModel({ experimentId, runId, name: 'shop' });
  for (const { path, content } of files) await registry.logModelArtifact(modelId, path, content);
  await registry.ensureRegisteredModel('shop');
  return registry.createModelVersion({ name: 'shop', runId, modelId, tags });
}

const meanOf = ({ handle }: { handle: { fitted: { estimator: unknown } } }): number =>
  (handle.fitted.estimator as { mean: number }).mean;

describe('loading a version', () => {
  it('refuses files that are whole and not those that were registered', async () => {
    const [own, foreign] = [artifact(1), artifact(2)];
    const tags = { 'slipway.artifact_digest': own.digest };
    expect(meanOf(await loadModelHandle(registry, await register(own.files, tags)))).toBe(1);
    await expect(loadModelHandle(registry, await register(foreign.files, tags))).rejects.toMatchObject({
      code: 'artifact_invalid',
    });
    expect(meanOf(await loadModelHandle(registry, await register(foreign.files, {})))).toBe(2);
  });
});

describe('the cache on disk', () => {
  const home = (): string => join(directory, 'shop');
  const folders = async (): Promise<string[]> =>
    (await readdir(home())).filter((name) => name !== 'current.json');

  it('keeps two versions, and what another process may be writing', async () => {
    const cache = createHandleCache(directory);
    const save = async (mean: number): Promise<void> =>
      cache.save(await loadModelHandle(registry, await register(artifact(mean).files, {})));
    for (const mean of [1, 2, 3]) await save(mean);
    expect(await folders()).toHaveLength(3);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    for (const folder of await folders()) await utimes(join(home(), folder), anHourAgo, anHourAgo);
    await save(4);
    expect(await folders()).toHaveLength(2);
    expect(meanOf((await cache.load('shop'))!)).toBe(4);
  });

  it('has the version that was loaded last, and checks it like a download', async () => {
    const cache = createHandleCache(directory);
    expect(await cache.load('shop')).toBeUndefined();
    for (const mean of [1, 2, 3]) {
      const { files, digest } = artifact(mean);
      const version = await register(files, { 'slipway.artifact_digest': digest });
      await cache.save(await loadModelHandle(registry, version));
      const loaded = (await cache.load('shop'))!;
      expect(meanOf(loaded)).toBe(mean);
      expect(loaded.handle).toMatchObject({ model: 'shop', version: version.version, runId: version.runId });
      expect(loaded.source.digest).toBe(digest);
    }
    for (const folder of await folders()) {
      // Other files, each of them whole.
      for (const { path, content } of artifact(9).files)
        await writeFile(join(home(), folder, 'files', path), content);
    }
    expect(await cache.load('shop')).toBeUndefined();
  });

  it('has the old version or the new one at any moment of a save', async () => {
    const cache = createHandleCache(directory);
    const loadVersion = async (mean: number): ReturnType<typeof loadModelHandle> =>
      loadModelHandle(registry, await register(artifact(mean).files, {}));
    await cache.save(await loadVersion(1));
    const next = await loadVersion(2);
    let isSaving = true;
    const saved = cache.save(next).finally(() => (isSaving = false));
    const seen: unknown[] = [];
    while (isSaving) {
      const loaded = await cache.load('shop');
      seen.push(loaded === undefined ? 'nothing' : meanOf(loaded));
    }
    await saved;
    expect(seen).not.toContain('nothing');
    expect(meanOf((await cache.load('shop'))!)).toBe(2);
  });

  it('keeps the last good version when a save dies before its last step', async () => {
    const cache = createHandleCache(directory);
    await cache.save(await loadModelHandle(registry, await register(artifact(1).files, {})));
    const pointer = await readFile(join(directory, 'shop', 'current.json'), 'utf8');
    await cache.save(await loadModelHandle(registry, await register(artifact(2).files, {})));
    // The rename of the pointer is the last step: without it, the first version is whole and is loaded.
    await writeFile(join(directory, 'shop', 'current.json'), pointer);
    expect(meanOf((await cache.load('shop'))!)).toBe(1);
  });
});
