import { SlipwayError } from '@slipway/contracts';
import { MersenneTwister19937, shuffle } from 'random-js';

/** Rows to fit on and rows to score, by their index; together some or all of the training rows, never of the test set. */
export interface Fold {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Every row is scored once, in one of `folds` parts of nearly equal size that the seed draws.
 * @throws SlipwayError `parameter_invalid` for fewer than 2 folds, or fewer rows than folds
 */
export function kFold(
  rowCount: number,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Fold[] {
  checkFolds(folds, rowCount, 'rows');
  const order = shuffledRows(rowCount, seed);
  // The first parts have the rows that do not divide, one more each.
  const startOf = (part: number): number =>
    part * Math.floor(rowCount / folds) + Math.min(part, rowCount % folds);
  const parts = Array.from({ length: folds }, (_, part) => order.slice(startOf(part), startOf(part + 1)));
  return fromParts(parts, rowCount);
}

/**
 * Rows of one group stay together: a person or a day that is scored was not learnt from. The largest groups are dealt out
 * first, each to the part with the fewest rows, as scikit-learn's GroupKFold does.
 * @param groups one value per row
 * @throws SlipwayError `parameter_invalid` for fewer than 2 folds, or fewer groups than folds
 */
export function groupFolds(
  groups: ArrayLike<string | number | null>,
  { folds }: { readonly folds: number },
): Fold[] {
  const rowsOfGroups = rowsByValue(groups);
  checkFolds(folds, rowsOfGroups.length, 'groups');
  const parts = Array.from({ length: folds }, (): number[] => []);
  // Stable: of groups of one size, the one that comes first.
  for (const rows of rowsOfGroups.sort((a, b) => b.length - a.length)) {
    const lightest = parts.reduce((least, part) => (part.length < least.length ? part : least));
    for (const row of rows) lightest.push(row);
  }
  return fromParts(parts, groups.length);
}

/**
 * As {@link kFold}, and every value has nearly the same share of each part.
 * @param strata one value per row
 * @throws SlipwayError `parameter_invalid` for fewer than 2 folds, or fewer rows than folds
 */
export function stratifiedFolds(
  strata: ArrayLike<string | number | null>,
  { folds, seed }: { readonly folds: number; readonly seed: number },
): Fold[] {
  checkFolds(folds, strata.length, 'rows');
  const order = shuffledRows(strata.length, seed);
  const places = new Map(rowsByValue(strata).map((rows, place) => [strata[rows[0]!] ?? null, place]));
  // Stable: rows of one value stay shuffled, and are dealt out one after the other.
  order.sort((a, b) => places.get(strata[a] ?? null)! - places.get(strata[b] ?? null)!);
  const parts = Array.from({ length: folds }, (): number[] => []);
  order.forEach((row, place) => parts[place % folds]!.push(row));
  return fromParts(parts, strata.length);
}

/**
 * What came later is scored by what came before: the rows by time in `folds` + 1 stretches, each but the first scored by all
 * before it, without those of the gap. Rows of one time are never on both sides.
 * @param times microseconds since 1970-01-01 UTC, one per row
 * @throws SlipwayError `parameter_invalid` for too few times, a row without one, a gap below 0 or one that leaves nothing to
 * learn from
 */
export function timeFolds(
  times: Float64Array,
  { folds, gapHours = 0 }: { readonly folds: number; readonly gapHours?: number },
): Fold[] {
  checkTimes(times, gapHours);
  const order = Int32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  checkFolds(folds, new Set(times).size - 1, 'times after the first');
  const gap = gapHours * 3_600_000_000;
  const starts = Array.from({ length: folds + 1 }, (_, part) => {
    const place = Math.floor(((part + 1) * order.length) / (folds + 1));
    return place < order.length ? times[order[place]!]! : Infinity;
  });
  return Array.from({ length: folds }, (_, part) => {
    const [from, to] = [starts[part]!, starts[part + 1]!];
    const train = order.filter((row) => times[row]! < from - gap);
    const validation = order.filter((row) => times[row]! >= from && times[row]! < to);
    if (train.length > 0 && validation.length > 0) return { train, validation };
    throw new SlipwayError('parameter_invalid', {
      what: `Fold ${part + 1} of ${folds} by time has no rows on one side`,
      next: 'Take fewer folds or a smaller gap',
    });
  });
}

/** A row without a time has no place in the order, and below 0 a gap would let rows learn from themselves. */
function checkTimes(times: Float64Array, gapHours: number): void {
  const row = times.findIndex((time) => !Number.isFinite(time));
  if (row !== -1) {
    throw new SlipwayError('parameter_invalid', {
      what: `Row ${row} has no time, and the training rows are divided by it`,
      next: 'Leave rows without a time out of the training set, or divide it otherwise',
    });
  }
  if (gapHours >= 0) return;
  throw new SlipwayError('parameter_invalid', {
    what: '"gapHours" is below 0, so rows would be scored by themselves',
    expected: 'a number from 0',
    received: `${gapHours}`,
    next: 'Correct "gapHours", or leave it out',
  });
}

function shuffledRows(rowCount: number, seed: number): number[] {
  return shuffle(
    MersenneTwister19937.seed(seed),
    Array.from({ length: rowCount }, (_, row) => row),
  );
}

/** The rows of each value, in the order that the values come. */
function rowsByValue(values: ArrayLike<string | number | null>): number[][] {
  const rowsOf = new Map<string | number | null, number[]>();
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? null;
    const known = rowsOf.get(value);
    if (known === undefined) rowsOf.set(value, [row]);
    else known.push(row);
  }
  return [...rowsOf.values()];
}

function fromParts(parts: readonly (readonly number[])[], rowCount: number): Fold[] {
  return parts.map((part) => {
    const isScored = new Uint8Array(rowCount);
    for (const row of part) isScored[row] = 1;
    const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
    return {
      train: rows.filter((row) => isScored[row] === 0),
      validation: rows.filter((row) => isScored[row] === 1),
    };
  });
}

function checkFolds(folds: number, most: number, what: string): void {
  if (Number.isInteger(folds) && folds >= 2 && folds <= most) return;
  throw new SlipwayError('parameter_invalid', {
    what: `The training rows cannot be divided into ${folds} folds`,
    expected: `2 to ${most}, as there are ${most} ${what}`,
  });
}
