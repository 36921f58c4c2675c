/** A column with the dense ranks of its values, from 0: computed once, so that every tree sorts its rows by counting. */
export interface RankedColumn {
  readonly values: Float64Array;
  readonly ranks: Int32Array;
  readonly rankCount: number;
  /** Whether some value is -0, which equals 0 and yet shows in the thresholds. */
  readonly hasNegativeZero: boolean;
}

/** @param values finite numbers; 0 and -0 have the same rank */
export function rankColumn(values: Float64Array): RankedColumn {
  const distinct = distinctAscending(values);
  const ranks = new Int32Array(new SharedArrayBuffer(values.length * Int32Array.BYTES_PER_ELEMENT));
  for (let row = 0; row < values.length; row += 1) ranks[row] = findRank(distinct, values[row]!);
  const hasNegativeZero = values.some((value) => Object.is(value, -0));
  return { values: shared(values), ranks, rankCount: distinct.length, hasNegativeZero };
}

/** A copy that worker threads read without another one. */
export function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function distinctAscending(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  let count = 0;
  for (let place = 0; place < sorted.length; place += 1) {
    if (place > 0 && !(sorted[place]! > sorted[count - 1]!)) continue;
    sorted[count] = sorted[place]!;
    count += 1;
  }
  return sorted.subarray(0, count);
}

/** Place of a value in ascending distinct values, by bisection. */
function findRank(distinct: Float64Array, value: number): number {
  let [from, to] = [0, distinct.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (distinct[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
