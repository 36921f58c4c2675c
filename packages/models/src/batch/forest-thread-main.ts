import { parentPort, workerData } from 'node:worker_threads';
import { addTrees } from '../add-trees.ts';
import type { PackedForest } from '../packed-forest.ts';

/** Rows for a thread: their features and their sums, in shared memory. */
export interface ForestTask {
  readonly block: Float64Array;
  readonly width: number;
  readonly sums: Float64Array;
}

/** A worker thread: adds up the trees of its forest over the rows that it is sent, and says when it has. */
parentPort?.on('message', ({ block, width, sums }: ForestTask) => {
  addTrees(workerData as PackedForest, block, width, sums);
  parentPort?.postMessage('done');
});
