import { parentPort, workerData } from 'node:worker_threads';
import { growTreeOf, type ForestPlan } from './grow-tree-of.ts';

/** A worker thread: grows the trees whose numbers it is sent, and answers with them. */
parentPort?.on('message', (index: number) => {
  const tree = growTreeOf(workerData as ForestPlan, index);
  const buffers = Object.values(tree).map((values: Float64Array | Int32Array) => values.buffer);
  parentPort?.postMessage({ index, tree }, buffers as ArrayBuffer[]);
});
