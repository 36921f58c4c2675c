import { setTimeout as timer } from 'node:timers/promises';

/**
 * Asks a serving app until each of these models is ready, or time is over.
 * @param options.url base URL of the inference listener
 * @param options.limitMs milliseconds. @default 30_000
 * @param options.now milliseconds of a clock that nobody sets
 * @param options.signal ends the wait, as when the app has ended
 * @returns whether all are ready
 */
export async function awaitReadiness({
  url,
  models,
  limitMs = 30_000,
  fetch,
  now,
  signal,
  wait = (milliseconds) => timer(milliseconds),
}: {
  readonly url: string;
  readonly models: readonly string[];
  readonly limitMs?: number;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => number;
  readonly signal?: AbortSignal;
  readonly wait?: (milliseconds: number) => Promise<void>;
}): Promise<boolean> {
  const end = now() + limitMs;
  const isReady = async (model: string): Promise<boolean> => {
    const asked = fetch(`${url}/v2/models/${model}/ready`, { signal: AbortSignal.timeout(2_000) });
    const response = await asked.catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok === true;
  };
  for (let left = models; left.length > 0;) {
    const ready = await Promise.all(left.map(isReady));
    left = left.filter((_, place) => ready[place] !== true);
    if (left.length === 0) break;
    if (now() >= end || signal?.aborted === true) return false;
    await wait(50);
  }
  return true;
}
