import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FeatureMatrix } from '../feature-matrix.ts';
import type { FittedForest } from '../fitted-estimator.ts';
import { packForest } from '../packed-forest.ts';
import { divideBy, layOutRows } from '../predict-forest.ts';
import type { ForestTask } from './forest-thread-main.ts';

/** Threads that hold one forest in shared memory. */
export interface ForestThreads {
  /** One prediction per row, bit for bit those of `predictForest`. */
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
  return {
    predict: async ({ rowCount, columns }) => {
      const width = columns.length;
      const block = sharedDoubles(rowCount * width);
      const sums = sharedDoubles(rowCount);
      layOutRows(columns, 0, rowCount, block);
      const share = Math.ceil(rowCount / threads.length);
      await Promise.all(
        threads.map((thread, place) => {
          const [start, end] = [place * share, Math.min((place + 1) * share, rowCount)];
          if (start >= end) return undefined;
          const rows = { block: block.subarray(start * width, end * width), sums: sums.subarray(start, end) };
          return addUp(thread, { ...rows, width });
        }),
      );
      return divideBy(sums.slice(), forest.roots.length);
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** @throws what the thread died of */
async function addUp(thread: Worker, task: ForestTask): Promise<void> {
  thread.postMessage(task);
  await once(thread, 'message');
}

function sharedDoubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}
