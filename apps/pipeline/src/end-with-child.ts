import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { endingSignals } from './ending-signals.ts';

/**
 * While a child runs, a signal that would end this process ends the child first: else it would live on without anybody
 * who knows of it. Takes effect at once, and until the child has ended.
 * @param options.exit what is done when the child has ended after a signal, with the code a shell expects
 */
export function endWithChild(
  child: ChildProcess,
  { ended, exit }: { readonly ended: Promise<unknown>; readonly exit?: ((code: number) => void) | undefined },
): void {
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill('SIGTERM');
    void ended.then(() => exit?.(128 + constants.signals[signal]));
  };
  for (const signal of endingSignals) process.on(signal, passOn);
  void ended.then(() => endingSignals.forEach((signal) => process.off(signal, passOn)));
}
