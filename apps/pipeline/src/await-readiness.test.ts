import { expect, it } from 'vitest';
import { awaitReadiness } from './await-readiness.ts';

interface Ended {
  readonly isReady: boolean;
  readonly asked: readonly string[];
}

/** Asks an app that begins to listen after one pass and whose models get ready in the passes that are named. */
async function awaitApp(
  readyAfter: Readonly<Record<string, number>>,
  { limitMs = 1_000, endsAfter = Infinity }: { limitMs?: number; endsAfter?: number } = {},
): Promise<Ended> {
  const end = new AbortController();
  const asked: string[] = [];
  let clock = 0;
  const isReady = await awaitReadiness({
    url: 'http://app',
    models: Object.keys(readyAfter),
    limitMs,
    signal: end.signal,
    now: () => clock,
    wait: async (milliseconds) => void (clock += milliseconds),
    fetch: async (url) => {
      const model = /^http:\/\/app\/v2\/models\/(\w+)\/ready$/.exec(url as string)![1]!;
      asked.push(model);
      if (clock / 50 >= endsAfter) end.abort();
      if (clock === 0) throw new TypeError('no connection');
      return new Response('{}', { status: clock / 50 >= readyAfter[model]! ? 200 : 503 });
    },
  });
  return { isReady, asked };
}

it('asks until each model is ready, and those that are no more', async () => {
  const { isReady, asked } = await awaitApp({ early: 1, late: 3 });
  expect(isReady).toBe(true);
  expect(asked).toEqual(['early', 'late', 'early', 'late', 'late', 'late']);
});

it('asks nobody about no model', async () => {
  expect(await awaitApp({})).toEqual({ isReady: true, asked: [] });
});

it.each([
  [2, true],
  [3, false],
])('gives up at its limit: a model ready after %i passes of two', async (passes, isReady) => {
  expect((await awaitApp({ model: passes }, { limitMs: 100 })).isReady).toBe(isReady);
});

it('asks an app that has ended no more', async () => {
  expect(await awaitApp({ model: 9 }, { endsAfter: 1 })).toEqual({
    isReady: false,
    asked: ['model', 'model'],
  });
});
