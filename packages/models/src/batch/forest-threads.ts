import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix } from '../feature-matrix.ts';
import type { FittedForest } from '../fitted-estimator.ts';
import { packForest } from '../packed-forest.ts';
import { divideBy, layOutRows } from '../predict-forest.ts';
import type { ForestTask } from './forest-thread-main.ts';

/** Threads that hold one forest in shared memory. */
export interface ForestThreads {
  /**
   * One prediction per row, bit for bit those of `predictForest`. One call at a time.
   * @throws what a thread died of; SlipwayError `aborted` when the threads were ended
   */
  readonly predict: (features: FeatureMatrix) => Promise<Float64Array>;
  readonly close: () => Promise<void>;
}

export function startForestThreads(forest: FittedForest, count: number): ForestThreads {
  const script = import.meta.url.endsWith('.ts') ? 'forest-thread-main.ts' : 'forest-thread-main.js';
  const workerData = packForest(forest);
  const threads = Array.from(
    { length: count },
    () => new Worker(new URL(script, import.meta.url), { workerData }),
  );
  const ended = endOf(threads);
  return {
    predict: async ({ rowCount, columns }) => {
      const width = columns.length;
      const block = sharedDoubles(rowCount * width);
      const sums = sharedDoubles(rowCount);
      layOutRows(columns, 0, rowCount, block);
      const share = Math.ceil(rowCount / threads.length);
      const done = Promise.all(
        threads.map((thread, place) => {
          const [start, end] = [place * share, Math.min((place + 1) * share, rowCount)];
          if (start >= end) return undefined;
          const rows = { block: block.subarray(start * width, end * width), sums: sums.subarray(start, end) };
          return addUp(thread, { ...rows, width });
        }),
      );
      await Promise.race([done, ended]);
      return divideBy(sums.slice(), forest.roots.length);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** Never resolves. @throws what the first thread died of, or that it was ended */
function endOf(threads: readonly Worker[]): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting when a thread ends.
  promise.catch(() => undefined);
  for (const thread of threads) {
    thread.once('error', reject);
    thread.once('exit', () =>
      reject(new SlipwayError('aborted', { what: 'The threads that predict were ended' })),
    );
  }
  return promise;
}

async function addUp(thread: Worker, task: ForestTask): Promise<void> {
  thread.postMessage(task);
  await once(thread, 'message');
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
