import { renderPlot } from './plot-frame.ts';
import { formatShare } from './format-figure.ts';
import { formatTick, roundTicks } from './round-ticks.ts';

export interface CumulativeLine {
  readonly color: 'blue' | 'orange';
  /** Values of a sample; the line shows which share of them is at most x. */
  readonly sample: Float64Array;
}

const points = 120;

/** Cumulative shares of samples of non-negative values, up to where 98 % of each lie. */
export function plotCumulative(
  lines: readonly CumulativeLine[],
  { xTitle, yTitle, label }: { readonly xTitle: string; readonly yTitle: string; readonly label: string },
): string {
  const sorted = lines.map(({ sample, color }) => ({ color, values: sample.toSorted() }));
  const end = Math.max(...sorted.map(({ values }) => values[Math.floor(values.length * 0.98)] ?? 0)) || 1;
  const frame = {
    x: [0, end] as const,
    y: [0, 1] as const,
    xTicks: roundTicks([0, end], 6).map((at) => ({ at, text: formatTick(at) })),
    yTicks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: formatShare(at) })),
    xTitle,
    yTitle,
    label,
  };
  return renderPlot(frame, ({ x, y }) =>
    sorted
      .map(({ color, values }) => {
        const places = Array.from({ length: points + 1 }, (_, index) => {
          const limit = (index / points) * end;
          return `${x(limit)} ${y(countAtMost(values, limit) / values.length)}`;
        });
        return `<path class="line ${color}" d="M${places.join('L')}"/>`;
      })
      .join(''),
  );
}

/** How many of the sorted values are at most the limit. */
function countAtMost(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
