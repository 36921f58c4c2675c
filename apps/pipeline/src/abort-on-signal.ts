import { endingSignals } from './ending-signals.ts';

/** A terminal and a launcher may both send the same signal: only a later one is a second wish. */
const secondWishMs = 1_000;

/**
 * Runs work that ends in good order when a signal asks this process to. A second signal, a second later, ends it at once.
 * @param work gets what tells it to end
 */
export async function abortOnSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const release = (): void => endingSignals.forEach((signal) => process.off(signal, stop));
  const stop = (): void => {
    if (!ending.signal.aborted) setTimeout(release, secondWishMs).unref();
    ending.abort();
  };
  for (const signal of endingSignals) process.on(signal, stop);
  try {
    return await work(ending.signal);
  } finally {
    release();
  }
}
