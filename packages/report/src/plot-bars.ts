import { renderPlot } from './plot-frame.ts';
import { formatTick, roundTicks } from './round-ticks.ts';
import { formatShare } from './format-figure.ts';

/**
 * Two distributions over the same cells, bars side by side, as shares of each. Cells are drawn equally wide and named by
 * the limits between them.
 * @param options.limits one more than cells
 */
export function plotPairedBars({
  limits,
  first,
  second,
  xTitle,
  label,
}: {
  readonly limits: readonly string[];
  /** Shares 0 to 1; drawn blue and orange. */
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly xTitle: string;
  readonly label: string;
}): string {
  const highest = Math.max(...first, ...second) * 1.05 || 1;
  const frame = {
    x: [0, first.length] as const,
    y: [0, highest] as const,
    xTicks: limits.map((text, at) => ({ at, text })),
    yTicks: roundTicks([0, highest]).map((at) => ({ at, text: formatShare(at) })),
    xTitle,
    label,
  };
  return renderPlot(frame, ({ x, y }) => {
    const bars = (shares: readonly number[], offset: number): string =>
      shares
        .map((share, cell) => `M${x(cell + offset)} 1000V${y(share)}H${x(cell + offset + 0.38)}V1000Z`)
        .join('');
    return `<path class="blue" d="${bars(first, 0.11)}"/><path class="orange" d="${bars(second, 0.51)}"/>`;
  });
}

/** Counts of values in bins of equal width around 0. */
export function plotHistogram({
  values,
  bins,
  xTitle,
  label,
}: {
  readonly values: Float64Array;
  /** An odd number, so that the middle bin is around 0. */
  readonly bins: number;
  readonly xTitle: string;
  readonly label: string;
}): string {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    counts[Math.min(bins - 1, Math.floor(((value + largest) / (2 * largest)) * bins))]! += 1;
  }
  const highest = Math.max(...counts) * 1.05 || 1;
  const frame = {
    x: [-largest, largest] as const,
    y: [0, highest] as const,
    xTicks: roundTicks([-largest, largest], 7).map((at) => ({ at, text: formatTick(at) })),
    yTicks: roundTicks([0, highest]).map((at) => ({ at, text: formatTick(at) })),
    xTitle,
    yTitle: 'rows',
    label,
  };
  const width = (2 * largest) / bins;
  return renderPlot(frame, ({ x, y }) => {
    const bars = counts.map((count, bin) => {
      const left = -largest + bin * width;
      return count === 0 ? '' : `M${x(left + width * 0.06)} 1000V${y(count)}H${x(left + width * 0.94)}V1000Z`;
    });
    return `<path class="blue" d="${bars.join('')}"/><path class="guide-line" d="M${x(0)} 0V1000"/>`;
  });
}
