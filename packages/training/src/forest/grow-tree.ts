import type { RandomForest } from '../estimator-schema.ts';
import { findBestSplit, roundingOf, type Cut, type OpenNode } from './find-best-split.ts';
import { markSides, partitionDraws, partitionOrders, type PartitionScratch } from './partition-rows.ts';
import { gatherNode, type Segment, type TreeRows } from './tree-rows.ts';

/** Nodes of one tree in preorder; `feature` is the place among the tree's own features, -1 for a leaf. */
export interface Tree {
  readonly feature: Int32Array;
  readonly value: Float64Array;
  readonly right: Int32Array;
  /** Squared error that the cuts of each of the tree's features took away, in all. */
  readonly gains: Float64Array;
}

export type TreeParams = Pick<RandomForest['params'], 'minNumSamples' | 'maxDepth' | 'gainThreshold'>;

interface PlacedNode extends OpenNode {
  readonly depth: number;
  /** What was left of the error where the node's parent was cut. */
  readonly parentError: number;
  /** The node whose right child this is, or -1. */
  readonly rightOf: number;
}

/** A node with so small a share of the rows that lie around it is grown on a copy, down to a size that fits into any cache. */
const sparseShare = 1 / 4;
const smallestCopy = 1024;

/**
 * Grows one tree as ml-cart 2.1.1 does: a node is a leaf when it has few rows, is deep enough, cannot be cut, or when
 * the error that would remain is no more than the threshold, 0, or the same as its parent's.
 */
export function growTree(
  rows: TreeRows,
  { minNumSamples, maxDepth = Infinity, gainThreshold = 0 }: TreeParams,
): Tree {
  const nodes = new NodeList(2 * rows.count);
  const gains = new Float64Array(rows.columns.length);
  const scratch = { goesLeft: new Uint8Array(rows.count), greater: new Int32Array(rows.drawn.length) };
  const whole = { start: 0, end: rows.count, drawnStart: 0, drawnEnd: rows.drawn.length };
  const root = { rows, ...whole, ...summarise(rows, whole), depth: 0, parentError: 0, rightOf: -1 };
  const open: PlacedNode[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const mayBeCut =
      next.drawnEnd - next.drawnStart > minNumSamples &&
      next.depth < maxDepth &&
      // What no cut can leave above the threshold is a leaf whichever is the best.
      next.squares + roundingOf(next) > gainThreshold;
    const node = mayBeCut ? closeTogether(next) : next;
    const cut = mayBeCut ? findBestSplit(node) : undefined;
    const sides = cut === undefined ? undefined : cutNode(node, cut, { scratch, gainThreshold });
    if (cut === undefined || sides === undefined) {
      nodes.add(-1, node.mean, node.rightOf);
      continue;
    }
    const index = nodes.add(cut.column, cut.value, node.rightOf);
    gains[cut.column]! += node.squares - sides.error;
    const child = { rows: node.rows, depth: node.depth + 1, parentError: sides.error };
    open.push({ ...sides.greater, ...child, rightOf: index }, { ...sides.lesser, ...child, rightOf: -1 });
  }
  return { ...nodes.finish(), gains };
}

function closeTogether(node: PlacedNode): PlacedNode {
  const count = node.end - node.start;
  if (count > node.rows.count * sparseShare || node.rows.count < smallestCopy) return node;
  const whole = { start: 0, end: count, drawnStart: 0, drawnEnd: node.drawnEnd - node.drawnStart };
  return { ...node, ...whole, rows: gatherNode(node.rows, node) };
}

type Summary = Pick<OpenNode, 'mean' | 'squares' | 'drift'>;
type Side = Segment & Summary;

/** Cuts a node, unless the library would make it a leaf: with an empty side, or when the error that is left is not worth it. */
function cutNode(
  node: PlacedNode,
  cut: Cut,
  { scratch, gainThreshold }: { readonly scratch: PartitionScratch; readonly gainThreshold: number },
): { readonly lesser: Side; readonly greater: Side; readonly error: number } | undefined {
  const { rows, start, end, drawnStart, drawnEnd } = node;
  const middle = start + markSides(node, cut, scratch.goesLeft);
  if (middle === start || middle === end) return undefined;
  const drawnMiddle = drawnStart + partitionDraws(node, scratch);
  const lesser = { start, end: middle, drawnStart, drawnEnd: drawnMiddle };
  const greater = { start: middle, end, drawnStart: drawnMiddle, drawnEnd };
  const [below, above] = [summarise(rows, lesser), summarise(rows, greater)];
  const error = above.squares + below.squares;
  if (!(error > gainThreshold && error !== node.parentError)) return undefined;
  partitionOrders(node, cut, scratch);
  return { lesser: { ...lesser, ...below }, greater: { ...greater, ...above }, error };
}

/** Mean and squared error of draws, added up in their order as the library does. */
function summarise({ target, drawn }: TreeRows, { drawnStart, drawnEnd }: Segment): Summary {
  let sum = 0;
  for (let place = drawnStart; place < drawnEnd; place += 1) sum += target[drawn[place]!]!;
  const mean = sum / (drawnEnd - drawnStart);
  let squares = 0;
  let differences = 0;
  for (let place = drawnStart; place < drawnEnd; place += 1) {
    const difference = target[drawn[place]!]! - mean;
    squares += difference * difference;
    differences += difference;
  }
  return { mean, squares, drift: differences / (drawnEnd - drawnStart) };
}

/** Nodes as they are added, in preorder. */
class NodeList {
  readonly #feature: Int32Array;
  readonly #value: Float64Array;
  readonly #right: Int32Array;
  #count = 0;

  constructor(most: number) {
    this.#feature = new Int32Array(most);
    this.#value = new Float64Array(most);
    this.#right = new Int32Array(most);
  }

  /** Adds a node, as the right child of another unless that is -1. Returns its place. */
  add(feature: number, value: number, rightOf: number): number {
    const index = this.#count;
    if (rightOf >= 0) this.#right[rightOf] = index;
    this.#feature[index] = feature;
    this.#value[index] = value;
    this.#right[index] = -1;
    this.#count += 1;
    return index;
  }

  finish(): Pick<Tree, 'feature' | 'value' | 'right'> {
    return {
      feature: this.#feature.slice(0, this.#count),
      value: this.#value.slice(0, this.#count),
      right: this.#right.slice(0, this.#count),
    };
  }
}
