import type { TreeSample } from './draw-sample.ts';
import type { RankedColumn } from './rank-column.ts';

/**
 * The rows of a tree, or of a node that was gathered from it. A row drawn several times is kept once, under a number that
 * grows with the place it was first drawn at, with how often it was drawn.
 */
export interface TreeRows {
  /** Different rows: their numbers are below it. */
  readonly count: number;
  /** By number: the target, how often it was drawn, where it was last drawn. */
  readonly target: Float64Array;
  readonly weights: Float64Array;
  readonly lastDrawn: Int32Array;
  /** One column per feature of the tree, by number. */
  readonly columns: readonly Float64Array[];
  /** By column: whether some value is -0. */
  readonly haveNegativeZero: readonly boolean[];
  /** Every draw, in the order of the draws: the order in which the library adds up. */
  readonly drawn: Int32Array;
  /** One order per feature: numbers by ascending value, equal values by number. */
  readonly orders: readonly Int32Array[];
}

/** What a node owns: the same segment of every order, and one of the draws. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly drawnStart: number;
  readonly drawnEnd: number;
}

/** Gathers the sampled rows of a tree. */
export function gatherSample(
  { columns, target }: { columns: readonly RankedColumn[]; target: Float64Array },
  { rows, features }: TreeSample,
): TreeRows {
  const { drawn, first, lastDrawn, weights } = numberRows(rows, target.length);
  const used = features.map((feature) => columns[feature]!);
  return {
    count: first.length,
    target: pick(target, first),
    weights,
    lastDrawn,
    columns: used.map(({ values }) => pick(values, first)),
    haveNegativeZero: used.map(({ hasNegativeZero }) => hasNegativeZero),
    drawn,
    orders: used.map((column) => sortByRank(column, first)),
  };
}

/** Copies the rows of a node close together, so that all of them stay in the cache while the tree below it grows. */
export function gatherNode(rows: TreeRows, { start, end, drawnStart, drawnEnd }: Segment): TreeRows {
  const { drawn, first } = numberRows(rows.drawn.subarray(drawnStart, drawnEnd), rows.count);
  const numbers = new Int32Array(rows.count);
  for (let number = 0; number < first.length; number += 1) numbers[first[number]!] = number;
  return {
    count: first.length,
    target: pick(rows.target, first),
    weights: pick(rows.weights, first),
    lastDrawn: first.map((old) => rows.lastDrawn[old]!),
    columns: rows.columns.map((column) => pick(column, first)),
    haveNegativeZero: rows.haveNegativeZero,
    drawn,
    orders: rows.orders.map((order) => order.slice(start, end).map((old) => numbers[old]!)),
  };
}

/** Numbers drawn rows by where they first come. `first` has the row of each number. */
function numberRows(
  rows: Int32Array,
  rowCount: number,
): { drawn: Int32Array; first: Int32Array; lastDrawn: Int32Array; weights: Float64Array } {
  const numbers = new Int32Array(rowCount).fill(-1);
  const drawn = new Int32Array(rows.length);
  const first = new Int32Array(rows.length);
  const lastDrawn = new Int32Array(rows.length);
  const weights = new Float64Array(rows.length);
  let count = 0;
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place]!;
    let number = numbers[row]!;
    if (number < 0) {
      number = count;
      numbers[row] = number;
      first[number] = row;
      count += 1;
    }
    drawn[place] = number;
    lastDrawn[number] = place;
    weights[number]! += 1;
  }
  return {
    drawn,
    first: first.slice(0, count),
    lastDrawn: lastDrawn.slice(0, count),
    weights: weights.slice(0, count),
  };
}

function pick(values: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place += 1) picked[place] = values[rows[place]!]!;
  return picked;
}

/** Numbers by ascending value of their rows, equal values by number. */
function sortByRank({ ranks, rankCount }: RankedColumn, rows: Int32Array): Int32Array {
  const places = new Int32Array(rankCount + 1);
  for (let number = 0; number < rows.length; number += 1) places[ranks[rows[number]!]! + 1]! += 1;
  for (let rank = 0; rank < rankCount; rank += 1) places[rank + 1]! += places[rank]!;
  const sorted = new Int32Array(rows.length);
  for (let number = 0; number < rows.length; number += 1) {
    const rank = ranks[rows[number]!]!;
    sorted[places[rank]!] = number;
    places[rank]! += 1;
  }
  return sorted;
}
