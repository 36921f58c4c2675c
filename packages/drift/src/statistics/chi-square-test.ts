import { checkCounts } from './check-counts.ts';
import { upperGamma } from './regularised-gamma.ts';

export interface ChiSquareResult {
  readonly statistic: number;
  /** Asymptotic, two samples; 1 when everything fell into one cell. */
  readonly pValue: number;
  readonly degreesOfFreedom: number;
}

/**
 * Two-sample chi-square test of homogeneity (`scipy.stats.chi2_contingency` without correction). Neighbouring cells are
 * pooled from the left until both expected counts reach `minimumExpected`, as the test assumes.
 * @throws SlipwayError `sample_invalid`
 */
export function chiSquareTest(
  reference: readonly number[],
  current: readonly number[],
  { minimumExpected = 5 }: { readonly minimumExpected?: number } = {},
): ChiSquareResult {
  const { referenceTotal, currentTotal } = checkCounts(reference, current);
  const total = referenceTotal + currentTotal;
  const smallerShare = Math.min(referenceTotal, currentTotal) / total;
  const cells = poolCells(reference, current, minimumExpected / smallerShare);
  let statistic = 0;
  for (const [expected, actual] of cells) {
    const both = expected + actual;
    for (const [count, share] of [
      [expected, referenceTotal / total],
      [actual, currentTotal / total],
    ] as const) {
      statistic += (count - both * share) ** 2 / (both * share);
    }
  }
  const degreesOfFreedom = cells.length - 1;
  const pValue = degreesOfFreedom === 0 ? 1 : upperGamma(degreesOfFreedom / 2, statistic / 2);
  return { statistic, pValue, degreesOfFreedom };
}

/** Pairs of counts with at least `least` values in each cell; a short rest joins the last cell. Empty cells vanish. */
function poolCells(
  reference: readonly number[],
  current: readonly number[],
  least: number,
): [number, number][] {
  const cells: [number, number][] = [];
  let open: [number, number] = [0, 0];
  reference.forEach((count, cell) => {
    open = [open[0] + count, open[1] + current[cell]!];
    if (open[0] + open[1] === 0 || open[0] + open[1] < least) return;
    cells.push(open);
    open = [0, 0];
  });
  const last = cells.pop();
  if (last === undefined) return [open];
  return [...cells, [last[0] + open[0], last[1] + open[1]]];
}
