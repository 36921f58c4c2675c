const view = new DataView(new ArrayBuffer(8));

/**
 * The smallest double that a rising condition holds for, found by bisection over the 2^64 bit patterns in the order of
 * their values (high word, then low word).
 * @param holds false up to some double and true from there on; never asked about NaN
 * @returns -Infinity when it holds everywhere, Infinity when it holds for no finite double
 */
export function smallestDouble(holds: (value: number) => boolean): number {
  if (holds(-Infinity)) return -Infinity;
  if (!holds(Number.MAX_VALUE)) return Infinity;
  const high = bisect(firstFinite, lastFinite, (word) => holds(doubleAt(word, lastWord)));
  const low = bisect(0, lastWord, (word) => holds(doubleAt(high, word)));
  return doubleAt(high, low);
}

const lastWord = 0xffff_ffff;
const signBit = 0x8000_0000;
/** High words, in the order of {@link doubleAt}, between the infinities. */
const firstFinite = 0x0010_0000;
const lastFinite = 0xffef_ffff;

/** The double at a place in the order of values: negative ones are stored the other way round. */
function doubleAt(high: number, low: number): number {
  const isNegative = high < signBit;
  view.setUint32(0, isNegative ? ~high : high - signBit);
  view.setUint32(4, isNegative ? ~low : low);
  return view.getFloat64(0);
}

/** The smallest whole number from `first` to `last` that it holds for; it holds for `last`. */
function bisect(first: number, last: number, holds: (word: number) => boolean): number {
  let [from, to] = [first, last];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
