const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that ends in good order when a signal asks this process to. More signals change nothing: a terminal and a
 * launcher may both send the same one.
 * @param work gets what tells it to end
 */
export async function abortOnSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  const stop = (): void => ending.abort();
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(ending.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
