import { SlipwayError, type PredictionRole } from '@slipway/contracts';
import type { ModelVersion, Registry } from '@slipway/registry-client';
import { awaitFirstLook } from './await-first-look.ts';
import { createTroubleReport } from './create-trouble-report.ts';
import type { FollowEvent } from './follow-event.ts';
import type { HandleCache } from './handle-cache.ts';
import { loadModelHandle } from './load-model-handle.ts';
import { isHandleOf, type ModelHandle } from './model-handle.ts';

export interface FollowOptions {
  /** Registered name. */
  readonly model: string;
  /** @default 'production' */
  readonly alias?: string;
  /** What predictions are logged as. @default 'production' */
  readonly role?: PredictionRole;
  /** Called for every look, so that a registry that is away may come back. */
  readonly openRegistry: () => Promise<Registry>;
  readonly cache?: HandleCache;
  /** Milliseconds between two looks; each waits up to a tenth longer. */
  readonly pollMs: number;
  /** Milliseconds the registry has to answer the first look before the cache stands in; the look goes on. @default 2000 */
  readonly firstLookMs?: number;
  /** 0 to 1, spreads the looks of many replicas. */
  readonly random: () => number;
  /** A trouble that every look meets is told once, until one ends well. */
  readonly onEvent?: (event: FollowEvent) => void;
}

/** A model that follows an alias. */
export interface FollowedModel {
  /** What serves now. @throws SlipwayError `model_not_ready` before the first version was loaded */
  current(): ModelHandle;
  readonly isReady: boolean;
  readonly role: PredictionRole;
  /** Looks at the alias at once; resolves when what it points at serves, or the look failed. */
  refresh(): Promise<void>;
  stop(): void;
}

/**
 * Follows an alias: poll is the truth, `refresh` only shortens the wait. A new version is downloaded, verified, built
 * and warmed before one pointer is swapped, so that requests meet the old version or the new one and never a gap. Any
 * failure keeps the old version. A first look that fails, or that the registry does not answer in time, falls back to
 * the cache on disk; once answered it is waited for, as the cache may hold a version that was rolled back.
 */
export async function followAlias(options: FollowOptions): Promise<FollowedModel> {
  const {
    model,
    alias = 'production',
    role = 'production',
    openRegistry,
    cache,
    pollMs,
    firstLookMs = 2_000,
    random,
    onEvent,
  } = options;
  let current: ModelHandle | undefined;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const troubles = createTroubleReport((trouble) => onEvent?.(trouble));

  async function look(onAnswer?: () => void): Promise<void> {
    let version: ModelVersion | undefined;
    try {
      const registry = await openRegistry();
      version = await registry.findVersionByAlias(model, alias);
      onAnswer?.();
      if (version === undefined) {
        troubles.report({ kind: 'unset', model, alias, serving: current?.version ?? null });
        return;
      }
      await serve(registry, version);
      troubles.end();
    } catch (error) {
      troubles.report({ kind: 'failed', model, version: version?.version ?? null, error });
    }
  }

  async function serve(registry: Registry, version: ModelVersion): Promise<void> {
    if (isHandleOf(current, version)) return;
    const loaded = await loadModelHandle(registry, version);
    // The cache may have brought it meanwhile.
    if (isHandleOf(current, version)) return;
    const from = current?.version ?? null;
    current = loaded.handle;
    onEvent?.({ kind: 'swapped', model, from, to: version.version, runId: version.runId });
    await cache?.save(loaded);
  }

  /** One look at a time; a refresh during a look asks for another one after it, as the alias may just have moved. */
  function refresh(onAnswer?: () => void): Promise<void> {
    const next = (looking ?? Promise.resolve()).then(() => look(onAnswer));
    looking = next;
    return next;
  }

  function schedule(): void {
    timer = setTimeout(
      () => void refresh().then(() => timer !== undefined && schedule()),
      pollMs * (1 + random() / 10),
    );
    timer.unref();
  }

  /** A look that ended meanwhile knows better. */
  async function fallBack(): Promise<void> {
    const cached = current === undefined ? await cache?.load(model) : undefined;
    if (cached === undefined || current !== undefined) return;
    current = cached.handle;
    onEvent?.({ kind: 'cached', model, version: cached.handle.version });
  }

  const answered = Promise.withResolvers<void>();
  await awaitFirstLook(refresh(answered.resolve), { answered: answered.promise, limitMs: firstLookMs });
  await fallBack();
  schedule();
  return {
    current: () => {
      if (current !== undefined) return current;
      throw new SlipwayError('model_not_ready', {
        what: `No version of ${model} is loaded yet`,
        next: `Deploy it, or wait until the registry can be reached`,
        isRetryable: true,
      });
    },
    get isReady() {
      return current !== undefined;
    },
    role,
    refresh: () => refresh(),
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
