import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { batchFromRows, SlipwayError, type ModelSignature } from '@slipway/contracts';
import { writeArtifact, type Artifact } from '@slipway/models';
import type { ModelVersion, Registry } from '@slipway/registry-client';
import { describe, expect, it } from 'vitest';
import { followAlias, type FollowedModel } from './follow-alias.ts';
import type { FollowEvent } from './follow-event.ts';
import { createHandleCache, type HandleCache } from './handle-cache.ts';
import { buildHandle, type LoadedModel } from './load-model-handle.ts';

const signature: ModelSignature = {
  formatVersion: 1,
  inputs: [{ name: 'size', type: 'double', nullable: false }],
  output: { name: 'price', type: 'double' },
};
const artifact = (mean: number): Artifact =>
  writeArtifact(
    {
      formatVersion: 1,
      signature,
      preprocessing: [],
      estimator: { family: 'mean', mean },
      targetTransform: 'none',
    },
    { inputExample: batchFromRows([{ size: 1 }], signature.inputs) },
  );
const { files } = artifact(1);
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
  findVersionByAlias: () => Promise<ModelVersion | undefined>,
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

describe('a registered model that was deleted and deployed again', () => {
  const own = artifact(1);
  const first = { ...newer, version: '1', runId: 'run', tags: { 'slipway.artifact_digest': own.digest } };
  const second = artifact(2);

  /** Gives out the files of whatever version it names at the time. */
  function registryAt(now: () => { version: ModelVersion; files: Artifact['files'] }): Registry {
    return {
      findVersionByAlias: async () => now().version,
      listModelArtifacts: async () =>
        now().files.map(({ path, content }) => ({ path, size: content.length })),
      readModelArtifact: async (_: string, path: string) =>
        now().files.find((file) => file.path === path)!.content,
    } as unknown as Registry;
  }
  const meanOf = (followed: FollowedModel): unknown =>
    (followed.current().fitted.estimator as { mean?: number }).mean;

  const tagless = { ...first, tags: {} };

  it.each([
    ['other bytes', first, { ...first, tags: { 'slipway.artifact_digest': second.digest } }],
    ['another run', tagless, { ...tagless, runId: 'run 2' }],
  ])('serves the new version 1: %s', async (_, before, version) => {
    let now = { version: before as ModelVersion, files: own.files };
    const saved: LoadedModel[] = [];
    const events: FollowEvent[] = [];
    const followed = await follow({
      registry: registryAt(() => now),
      cache: { load: async () => undefined, save: async (loaded) => void saved.push(loaded) },
      firstLookMs: 60_000,
      onEvent: (event) => events.push(event),
    });
    await followed.refresh();
    expect(meanOf(followed)).toBe(1);
    expect(saved).toHaveLength(1);
    now = { version, files: second.files };
    await followed.refresh();
    expect(meanOf(followed)).toBe(2);
    expect(events.at(-1)).toEqual({
      kind: 'swapped',
      model: 'shop',
      from: '1',
      to: '1',
      runId: version.runId,
    });
    expect(saved.map(({ source }) => source.files)).toEqual([own.files, second.files]);
    followed.stop();
  });

  it('serves the new version 1 after a start from the cache of the old one', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-cache-'));
    const cache = createHandleCache(directory);
    await cache.save(buildHandle(first, own));
    const version = { ...first, tags: { 'slipway.artifact_digest': second.digest } };
    const answer = Promise.withResolvers<ModelVersion>();
    const followed = await follow({
      registry: {
        ...registryAt(() => ({ version, files: second.files })),
        findVersionByAlias: () => answer.promise,
      },
      cache,
      firstLookMs: 1,
      onEvent: () => undefined,
    });
    expect(meanOf(followed)).toBe(1);
    answer.resolve(version);
    await followed.refresh();
    expect(meanOf(followed)).toBe(2);
    const kept = await cache.load('shop');
    expect(kept?.source.digest).toBe(second.digest);
    followed.stop();
    await rm(directory, { recursive: true });
  });
});

describe('what goes wrong at every look', () => {
  const noFiles = (version: string): ModelVersion => ({ ...newer, version, modelId: null });

  /** Looks once for each answer; an answer may be a failure of the registry. */
  async function eventsOf(answers: readonly (ModelVersion | Error | undefined)[]): Promise<FollowEvent[]> {
    const left = [...answers];
    const events: FollowEvent[] = [];
    const followed = await follow({
      registry: registryOf(async () => {
        const answer = left.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      }),
      cache: cacheOf(async () => undefined),
      firstLookMs: 60_000,
      onEvent: (event) => events.push(event),
    });
    while (left.length > 0) await followed.refresh();
    followed.stop();
    return events;
  }
  const away = (): Error => new SlipwayError('registry_unavailable', { what: 'The registry is away' });
  const failed = (version: string | null, code: string): object => ({
    kind: 'failed',
    model: 'shop',
    version,
    error: expect.objectContaining({ code }) as unknown,
  });

  it('is told once per version and code, with the version', async () => {
    const [v2, v3] = [noFiles('2'), noFiles('3')];
    expect(await eventsOf([v2, v2, v2, away(), away(), v2, v3, v3])).toEqual([
      failed('2', 'artifact_invalid'),
      failed(null, 'registry_unavailable'),
      failed('3', 'artifact_invalid'),
    ]);
  });

  it('is told again when a look has ended well since', async () => {
    const kinds = (await eventsOf([away(), newer, away(), away(), newer, away()])).map(({ kind }) => kind);
    expect(kinds).toEqual(['failed', 'swapped', 'failed', 'failed']);
  });

  it('an alias that is gone is told once, with what goes on serving', async () => {
    const gone = { kind: 'unset', model: 'shop', alias: 'production' };
    const swapped = expect.objectContaining({ kind: 'swapped' }) as unknown;
    expect(await eventsOf([undefined, undefined, newer, undefined, undefined, newer, undefined])).toEqual([
      { ...gone, serving: null },
      swapped,
      { ...gone, serving: '2' },
      { ...gone, serving: '2' },
    ]);
  });
});
