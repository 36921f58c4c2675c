import type { Cut, OpenNode } from './find-best-split.ts';
import type { Segment } from './tree-rows.ts';

/** Memory that partitions of a tree share. */
export interface PartitionScratch {
  /** By number: 1 for a row that goes left. */
  readonly goesLeft: Uint8Array;
  readonly greater: Int32Array;
}

/** Marks which rows of a node go left. Returns how many do: the column's own order has them in front. */
export function markSides(
  { rows, start, end }: OpenNode,
  { column, value }: Cut,
  goesLeft: Uint8Array,
): number {
  const order = rows.orders[column]!;
  const values = rows.columns[column]!;
  let place = start;
  for (; place < end && values[order[place]!]! < value; place += 1) goesLeft[order[place]!] = 1;
  const lesser = place - start;
  for (; place < end; place += 1) goesLeft[order[place]!] = 0;
  return lesser;
}

/** Moves the draws that go left to the front of the node's, each side in its order. Returns how many do. */
export function partitionDraws({ rows, drawnStart, drawnEnd }: OpenNode, scratch: PartitionScratch): number {
  return partition(rows.drawn, drawnStart, drawnEnd, scratch);
}

/** Does the same in the order of every column but the one that was cut, which is so already. */
export function partitionOrders(
  { rows, start, end }: OpenNode & Segment,
  { column }: Cut,
  scratch: PartitionScratch,
): void {
  for (let other = 0; other < rows.orders.length; other += 1)
    if (other !== column) partition(rows.orders[other]!, start, end, scratch);
}

/** Without a branch: which side a row is on cannot be foreseen. */
function partition(
  order: Int32Array,
  start: number,
  end: number,
  { goesLeft, greater }: PartitionScratch,
): number {
  let lesserEnd = start;
  let greaterCount = 0;
  for (let place = start; place < end; place += 1) {
    const number = order[place]!;
    const isLeft = goesLeft[number]!;
    order[lesserEnd] = number;
    greater[greaterCount] = number;
    lesserEnd += isLeft;
    greaterCount += 1 - isLeft;
  }
  for (let place = 0; place < greaterCount; place += 1) order[lesserEnd + place] = greater[place]!;
  return lesserEnd - start;
}
