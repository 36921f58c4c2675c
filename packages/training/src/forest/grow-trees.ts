import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { SlipwayError } from '@slipway/contracts';
import { growTreeOf, type ForestPlan } from './grow-tree-of.ts';
import type { Tree } from './grow-tree.ts';

export interface GrowOptions {
  /** Threads besides this one; with fewer than 2, NaN, or for little work, this one does it. They never change the result. */
  readonly workers: number;
  /** Called after each tree with how many are done. */
  readonly onTree: (done: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Cells of all trees together for which starting a thread takes longer than growing them. */
const littleWork = 2_000_000;

/** Grows all trees of a forest, in the order of their seeds. @throws SlipwayError `aborted` */
export async function growTrees(plan: ForestPlan, options: GrowOptions): Promise<readonly Tree[]> {
  const cells = plan.seeds.length * plan.columns.length * plan.target.length;
  const workers = Math.min(options.workers, plan.seeds.length);
  return workers >= 2 && cells >= littleWork
    ? growInThreads(plan, { ...options, workers })
    : growHere(plan, options);
}

async function growHere({ seeds, ...rest }: ForestPlan, { onTree, signal }: GrowOptions): Promise<Tree[]> {
  const trees: Tree[] = [];
  while (trees.length < seeds.length) {
    if (signal?.aborted === true) throw aborted();
    trees.push(growTreeOf({ seeds, ...rest }, trees.length));
    onTree(trees.length);
    await yieldToEvents();
  }
  return trees;
}

async function growInThreads(plan: ForestPlan, { workers, onTree, signal }: GrowOptions): Promise<Tree[]> {
  const script = import.meta.url.endsWith('.ts') ? 'tree-worker-main.ts' : 'tree-worker-main.js';
  const threads = Array.from(
    { length: workers },
    () => new Worker(new URL(script, import.meta.url), { workerData: plan }),
  );
  const { promise, resolve, reject } = Promise.withResolvers<Tree[]>();
  let isOver = false;
  const stop = (): void => reject(aborted());
  try {
    if (signal?.aborted === true) throw aborted();
    signal?.addEventListener('abort', stop);
    const trees: Tree[] = new Array<Tree>(plan.seeds.length);
    let [asked, done] = [0, 0];
    const askNext = (thread: Worker): void => {
      if (asked < plan.seeds.length) thread.postMessage(asked);
      asked += 1;
    };
    for (const thread of threads) {
      thread.once('error', reject);
      thread.on('message', ({ index, tree }: { index: number; tree: Tree }) => {
        if (isOver) return;
        trees[index] = tree;
        done += 1;
        try {
          onTree(done);
        } catch (error) {
          reject(error as Error);
          return;
        }
        askNext(thread);
        if (done === plan.seeds.length) resolve(trees);
      });
      askNext(thread);
    }
    return await promise;
  } finally {
    isOver = true;
    // The signal may outlive this forest, and would keep its trees.
    signal?.removeEventListener('abort', stop);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function aborted(): SlipwayError {
  return new SlipwayError('aborted', { what: 'Training was cancelled' });
}
