import type { Segment, TreeRows } from './tree-rows.ts';

/** A node that may be cut. */
export interface OpenNode extends Segment {
  readonly rows: TreeRows;
  /** Mean of the target, and the squared error around it, added up in the order of the draws. */
  readonly mean: number;
  readonly squares: number;
  /** By how much the true mean lies above `mean`, whose last digits the sum has rounded off. */
  readonly drift: number;
}

/** Where a node is cut: rows with a value below `value` in one of the tree's columns go left. */
export interface Cut {
  readonly column: number;
  readonly value: number;
}

/**
 * The cut that ml-cart would choose, in one pass over sorted rows instead of one pass per candidate. Prefix sums give what
 * each candidate gains to about 1e-14 of the node's error; the few within 1e-10 of the best are decided by the library's own
 * arithmetic in its row order, where the first of equals wins. Where targets differ in their last digits only, as 19.99 and
 * 19.990000000000002, rounding decides between all of them, and the search takes the square of the node's rows as the
 * library's does: a `gainThreshold` spares it.
 */
export function findBestSplit(node: OpenNode): Cut | undefined {
  const contenders = new Contenders(node);
  for (let column = 0; column < node.rows.columns.length; column += 1) scanColumn(node, column, contenders);
  const [first, ...others] = contenders.nearBest();
  if (first === undefined || others.length === 0) return first;
  let best = first;
  let least = libraryError(node, first);
  for (const cut of others) {
    const error = libraryError(node, cut);
    if (error < least) [best, least] = [cut, error];
  }
  return best;
}

/**
 * How far the library's arithmetic may be from the squared error of a node, or from what a cut gains: that of its sums, and
 * of its means, whose last digits count where targets differ by nothing else.
 */
export function roundingOf({ squares, mean, drawnStart, drawnEnd }: OpenNode): number {
  const count = drawnEnd - drawnStart;
  const ofMean = count * Number.EPSILON * Math.abs(mean);
  return 1e-10 * squares + count * ofMean * ofMean;
}

/** The cuts that gain about as much as the best one so far, in the order they were found. */
class Contenders {
  /** What a cut has to gain to take part. */
  atLeast = -Infinity;
  #best = -Infinity;
  readonly #tolerance: number;
  #cuts: (Cut & { readonly gain: number })[] = [];

  constructor(node: OpenNode) {
    this.#tolerance = roundingOf(node);
  }

  /** @param gain at least {@link atLeast} */
  add(column: number, value: number, gain: number): void {
    if (gain > this.#best + this.#tolerance) this.#cuts.length = 0;
    if (gain > this.#best) {
      this.#best = gain;
      this.atLeast = gain - this.#tolerance;
    }
    this.#cuts.push({ column, value, gain });
  }

  nearBest(): Cut[] {
    return this.#cuts.filter(({ gain }) => gain >= this.atLeast);
  }
}

/**
 * Visits the candidates of one column in the library's order: between neighbours (by value, then by draw) whose targets
 * differ, at the mean of their values. Draws below that mean go left; neighbours of equal value cut before all of them, and
 * so does a mean that rounds down to the lower value. One long loop on purpose: it is most of training, and what it keeps
 * from row to row would have to be handed over and back.
 */
function scanColumn(node: OpenNode, column: number, contenders: Contenders): void {
  const { rows, start, end, drawnStart, drawnEnd, mean, drift } = node;
  const { target, weights, lastDrawn } = rows;
  const order = rows.orders[column]!;
  const values = rows.columns[column]!;
  const total = drawnEnd - drawnStart;
  // Draws, and the sum of their centred targets, before this group of equal values and before the one below it.
  let lesser = 0;
  let lesserSum = 0;
  let lowerLesser = 0;
  let lowerSum = 0;
  let lowerValue = NaN;
  let lowerTarget = NaN;
  let lastCut = -1;
  let number = order[start]!;
  let value = values[number]!;
  for (let place = start + 1; place <= end; place += 1) {
    const firstTarget = target[number]!;
    if (lesser > 0 && lowerTarget !== firstTarget) {
      const middle = (lowerValue + value) / 2;
      const cutsHere = lowerValue < middle && middle <= value;
      const cut = cutsHere ? lesser : lowerLesser;
      if (cut !== lastCut) {
        lastCut = cut;
        const gain = gainOf(cut, (cutsHere ? lesserSum : lowerSum) - cut * drift, total);
        if (gain >= contenders.atLeast) contenders.add(column, middle, gain);
      }
    }
    lowerLesser = lesser;
    lowerSum = lesserSum;
    lowerValue = value;
    lowerTarget = firstTarget;
    lesser += weights[number]!;
    lesserSum += weights[number]! * (firstTarget - mean);
    if (place === end) return;
    let next = order[place]!;
    let nextValue = values[next]!;
    if (nextValue === value) {
      let last = lastDrawn[number]!;
      let differs = false;
      for (;;) {
        const other = target[next]!;
        differs ||= other !== firstTarget;
        lesser += weights[next]!;
        lesserSum += weights[next]! * (other - mean);
        if (lastDrawn[next]! > last) {
          last = lastDrawn[next]!;
          lowerTarget = other;
        }
        place += 1;
        if (place === end) break;
        next = order[place]!;
        nextValue = values[next]!;
        if (nextValue !== value) break;
      }
      if (differs && lowerLesser !== lastCut) {
        lastCut = lowerLesser;
        const gain = gainOf(lowerLesser, lowerSum - lowerLesser * drift, total);
        if (gain >= contenders.atLeast) contenders.add(column, groupThreshold(node, column, value), gain);
      }
    }
    number = next;
    value = nextValue;
  }
}

/**
 * The mean of two equal values is that value. Only for zeros their signs decide, of the first neighbours in the order of the
 * draws whose targets differ.
 */
function groupThreshold({ rows, drawnStart, drawnEnd }: OpenNode, column: number, value: number): number {
  if (value !== 0 || rows.haveNegativeZero[column] !== true) return value;
  const values = rows.columns[column]!;
  const zeros = rows.drawn.subarray(drawnStart, drawnEnd).filter((number) => values[number] === 0);
  const place = zeros.findIndex(
    (number, index) => index > 0 && rows.target[number] !== rows.target[zeros[index - 1]!],
  );
  return (values[zeros[place - 1]!]! + values[zeros[place]!]!) / 2;
}

/** How much of the squared error a cut takes away, from the centred sum of its lesser side. */
function gainOf(lesser: number, lesserSum: number, total: number): number {
  return lesser === 0 ? 0 : (lesserSum * lesserSum * total) / (lesser * (total - lesser));
}

/** Squared error of both sides, added up as ml-cart does: means first, draws in their order, the greater side first. */
function libraryError({ rows, drawnStart, drawnEnd }: OpenNode, { column, value }: Cut): number {
  const { target, drawn } = rows;
  const values = rows.columns[column]!;
  let lesser = 0;
  let lesserSum = 0;
  let greaterSum = 0;
  for (let place = drawnStart; place < drawnEnd; place += 1) {
    const number = drawn[place]!;
    if (values[number]! < value) {
      lesser += 1;
      lesserSum += target[number]!;
    } else greaterSum += target[number]!;
  }
  const lesserMean = lesserSum / lesser;
  const greaterMean = greaterSum / (drawnEnd - drawnStart - lesser);
  let lesserError = 0;
  let greaterError = 0;
  for (let place = drawnStart; place < drawnEnd; place += 1) {
    const number = drawn[place]!;
    const isLesser = values[number]! < value;
    const difference = target[number]! - (isLesser ? lesserMean : greaterMean);
    if (isLesser) lesserError += difference * difference;
    else greaterError += difference * difference;
  }
  return greaterError + lesserError;
}
