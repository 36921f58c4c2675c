import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { batchFromRows, type ModelSignature } from '@slipway/contracts';
import { writeArtifact } from '@slipway/models';
import type { ModelVersion, Registry } from '@slipway/registry-client';
import { describe, expect, it } from 'vitest';
import { followAlias, type FollowedModel, type FollowEvent } from './follow-alias.ts';
import type { HandleCache } from './handle-cache.ts';
import { buildHandle, type LoadedModel } from './load-model-handle.ts';

const signature: ModelSignature = {
  formatVersion: 1,
  inputs: [{ name: 'size', type: 'double', nullable: false }],
  output: { name: 'price', type: 'double' },
};
const { files } = writeArtifact(
  {
    formatVersion: 1,
    signature,
    preprocessing: [],
    estimator: { family: 'mean', mean: 1 },
    targetTransform: 'none',
  },
  { inputExample: batchFromRows([{ size: 1 }], signature.inputs) },
);
const cached = buildHandle({ name: 'shop', version: '1', runId: 'run' }, { files, digest: undefined });
const cacheOf = (load: () => Promise<LoadedModel | undefined>): HandleCache => ({
  load,
  save: async () => undefined,
});

const newer: ModelVersion = {
  name: 'shop',
  version: '2',
  runId: 'run',
  modelId: 'm',
  source: 'models:/m',
  aliases: ['production'],
  tags: {},
  description: '',
  creationTime: 0,
};

/** A registry that says what production is, and begins to give out files (the cached version's), when a test lets it. */
function registryOf(
  findVersionByAlias: () => Promise<ModelVersion>,
  mayDownload: Promise<void> = Promise.resolve(),
): Registry {
  return {
    findVersionByAlias,
    listModelArtifacts: () =>
      mayDownload.then(() => files.map(({ path, content }) => ({ path, size: content.length }))),
    readModelArtifact: async (_: string, path: string) => files.find((file) => file.path === path)!.content,
  } as unknown as Registry;
}

function follow(options: {
  registry: Registry;
  cache: HandleCache;
  firstLookMs: number;
  onEvent: (event: FollowEvent) => unknown;
}): Promise<FollowedModel> {
  const { registry, ...others } = options;
  const openRegistry = async (): Promise<Registry> => registry;
  return followAlias({ model: 'shop', openRegistry, pollMs: 3_600_000, random: () => 0, ...others });
}

describe('the first look', () => {
  it('that gets no answer is stood in for by the cache, and swaps when it ends after all', async () => {
    const answer = Promise.withResolvers<ModelVersion>();
    const swapped = Promise.withResolvers<FollowEvent>();
    const events: FollowEvent[] = [];
    const followed = await follow({
      registry: registryOf(() => answer.promise),
      cache: cacheOf(async () => cached),
      firstLookMs: 1,
      onEvent: (event) => {
        events.push(event);
        if (event.kind === 'swapped') swapped.resolve(event);
      },
    });
    expect(followed.current().version).toBe('1');
    answer.resolve(newer);
    expect(await swapped.promise).toMatchObject({ from: '1', to: '2' });
    expect(followed.current().version).toBe('2');
    expect(events.map(({ kind }) => kind)).toEqual(['cached', 'swapped']);
    followed.stop();
  });

  it('that gets no answer, without a cache, holds up nobody: not ready until it ends', async () => {
    const followed = await follow({
      registry: registryOf(() => new Promise(() => undefined)),
      cache: cacheOf(async () => undefined),
      firstLookMs: 1,
      onEvent: () => undefined,
    });
    expect(followed.isReady).toBe(false);
    expect(() => followed.current()).toThrow(expect.objectContaining({ code: 'model_not_ready' }) as Error);
    followed.stop();
  });

  it('that ends while the cache is read is not undone by it', async () => {
    const answer = Promise.withResolvers<ModelVersion>();
    const swapped = Promise.withResolvers<void>();
    const followed = await follow({
      registry: registryOf(() => answer.promise),
      cache: cacheOf(async () => {
        answer.resolve(newer);
        await swapped.promise;
        return cached;
      }),
      firstLookMs: 1,
      onEvent: ({ kind }) => kind === 'swapped' && swapped.resolve(),
    });
    expect(followed.current().version).toBe('2');
    followed.stop();
  });

  it('that is answered in time is waited for: a version that was rolled back does not serve meanwhile', async () => {
    const download = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const rolledBackTo = { ...newer, version: '0' };
    let isFollowed = false;
    const following = follow({
      registry: registryOf(async () => (asked.resolve(), rolledBackTo), download.promise),
      cache: cacheOf(() => Promise.reject(new Error('the cache was read'))),
      firstLookMs: 1,
      onEvent: () => undefined,
    });
    void following.finally(() => (isFollowed = true)).catch(() => undefined);
    await asked.promise;
    // As long as the limit and set after it: when this ends, the limit has ended.
    await wait(1);
    await turn();
    expect(isFollowed).toBe(false);
    download.resolve();
    const followed = await following;
    expect(followed.current().version).toBe('0');
    followed.stop();
  });

  it('that is answered in time and whose files do not come is stood in for by the cache', async () => {
    const events: FollowEvent[] = [];
    const followed = await follow({
      registry: registryOf(async () => newer, Promise.reject(new Error('the files are gone'))),
      cache: cacheOf(async () => cached),
      firstLookMs: 60_000,
      onEvent: (event) => events.push(event),
    });
    expect(events.map(({ kind }) => kind)).toEqual(['failed', 'cached']);
    followed.stop();
  });

  it('that brings what the cache has brought meanwhile swaps nothing', async () => {
    const answer = Promise.withResolvers<ModelVersion>();
    const download = Promise.withResolvers<void>();
    const events: FollowEvent[] = [];
    const followed = await follow({
      registry: registryOf(() => answer.promise, download.promise),
      cache: cacheOf(async () => {
        answer.resolve({ ...newer, version: '1' });
        // Past the comparison before the download: the look is inside it when the cache answers.
        await turn();
        return cached;
      }),
      firstLookMs: 1,
      onEvent: (event) => events.push(event),
    });
    const before = followed.current();
    download.resolve();
    await followed.refresh();
    expect(events.map(({ kind }) => kind)).toEqual(['cached']);
    expect(followed.current()).toBe(before);
    followed.stop();
  });

  it('that is answered in time leaves the cache alone', async () => {
    const followed = await follow({
      registry: registryOf(async () => newer),
      cache: cacheOf(() => Promise.reject(new Error('the cache was read'))),
      firstLookMs: 60_000,
      onEvent: () => undefined,
    });
    expect(followed.current().version).toBe('2');
    followed.stop();
  });
});
