import type { RandomForest } from '../estimator-schema.ts';
import { findBestSplit } from './find-best-split.ts';
import { partitionRows, type TreeRows } from './node-rows.ts';

/** Nodes of one tree in preorder; `feature` is the place among the tree's own features, -1 for a leaf. */
export interface Tree {
  readonly feature: number[];
  readonly value: number[];
  readonly right: number[];
}

interface OpenNode {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly parentError: number;
  /** The node whose right child this is, or -1. */
  readonly rightOf: number;
}

/**
 * Grows one tree as ml-cart 2.1.1 does: a node is a leaf when it has few rows, is deep enough, cannot be cut, or when
 * the error that would remain is 0 or the same as its parent's.
 */
export function growTree(
  rows: TreeRows,
  { minNumSamples, maxDepth = Infinity }: RandomForest['params'],
): Tree {
  const tree: Tree = { feature: [], value: [], right: [] };
  const count = rows.target.length;
  const centred = new Float64Array(count);
  const scratch = new Int32Array(count);
  const open: OpenNode[] = [{ start: 0, end: count, depth: 0, parentError: 0, rightOf: -1 }];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const { start, end, depth, parentError, rightOf } = node;
    const index = tree.feature.length;
    if (rightOf >= 0) tree.right[rightOf] = index;
    const split = end - start > minNumSamples ? findBestSplit(rows, start, end, centred) : undefined;
    const isWorthIt =
      split !== undefined && depth < maxDepth && split.error > 0 && split.error !== parentError;
    const lesser = isWorthIt ? partitionRows(rows, node, split, scratch) : 0;
    if (!isWorthIt || lesser === 0 || lesser === end - start) {
      addNode(tree, -1, meanTarget(rows, start, end));
      continue;
    }
    addNode(tree, split.column, split.split);
    const child = { depth: depth + 1, parentError: split.error };
    open.push({ ...child, start: start + lesser, end, rightOf: index });
    open.push({ ...child, start, end: start + lesser, rightOf: -1 });
  }
  return tree;
}

function addNode({ feature, value, right }: Tree, column: number, number: number): void {
  feature.push(column);
  value.push(number);
  right.push(-1);
}

function meanTarget({ target, inRowOrder }: TreeRows, start: number, end: number): number {
  let sum = 0;
  for (let place = start; place < end; place += 1) sum += target[inRowOrder[place]!]!;
  return sum / (end - start);
}
