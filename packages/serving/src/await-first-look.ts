import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits for a first look at an alias as long as it makes sense: for an answer of the registry at most `limitMs`
 * milliseconds; once it has answered, for what it named to be downloaded and built, however long that takes.
 */
export async function awaitFirstLook(
  look: Promise<void>,
  { answered, limitMs }: { readonly answered: Promise<void>; readonly limitMs: number },
): Promise<void> {
  const patience = new AbortController();
  const spoken = Promise.race([answered, look]).then(() => true);
  const silent = wait(limitMs, false, { signal: patience.signal });
  const hasAnswered = await Promise.race([spoken, silent]);
  patience.abort();
  if (hasAnswered) await look;
}
