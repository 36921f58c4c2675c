import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SlipwayError } from '@slipway/contracts';
import type { Trial, TrialData } from './run-trial.ts';
import type { TrialOrder, TrialThreadData } from './trial-worker-main.ts';

/** Threads that make trials side by side, each with a copy of the rows. */
export interface TrialThreads {
  /** Waits for no thread: there are never more calls at once than threads. @throws SlipwayError `aborted` */
  readonly run: (order: TrialOrder) => Promise<Trial>;
  readonly close: () => Promise<void>;
}

export interface TrialThreadsOptions {
  readonly count: number;
  /** What one forest may take. */
  readonly memoryBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export function startTrialThreads(
  { start, columns, target, metric }: TrialData,
  { count, memoryBytes, signal }: TrialThreadsOptions,
): TrialThreads {
  const workerData: TrialThreadData = {
    start,
    columns,
    target,
    ...(metric === undefined ? {} : { metric }),
    memoryBytes,
  };
  const threads = Array.from({ length: count }, () => startThread(workerData));
  const idle = [...threads];
  return {
    run: async (order) => {
      const thread = idle.pop()!;
      thread.postMessage(order);
      const [made] = (await answerOf(thread, signal)) as [Trial];
      idle.push(thread);
      return made;
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** A thread that runs from source does not inherit the hooks that find the source of other packages: it is told. */
function startThread(workerData: TrialThreadData): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const script = new URL(isSource ? 'trial-worker-main.ts' : 'trial-worker-main.js', import.meta.url);
  const execArgv = [...process.execArgv, '--conditions=@slipway/source'];
  return new Worker(script, { workerData, ...(isSource ? { execArgv } : {}) });
}

async function answerOf(thread: Worker, signal: AbortSignal | undefined): Promise<unknown[]> {
  try {
    return await once(thread, 'message', { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    throw new SlipwayError('aborted', { what: 'The search was cancelled', cause: error });
  }
}
