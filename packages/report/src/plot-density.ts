import { renderPlot } from './plot-frame.ts';
import { formatTick, roundTicks } from './round-ticks.ts';

const cells = 44;
const shades = 6;

/**
 * Two columns against each other as a density of 44 x 44 cells, on one scale both ways, with the line of equal values.
 * Cells of stronger colour hold more rows, on a logarithmic scale.
 */
export function plotDensity({
  x: xs,
  y: ys,
  xTitle,
  yTitle,
  label,
}: {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly label: string;
}): string {
  const range = rangeOf(xs, ys);
  const ticks = roundTicks(range).map((at) => ({ at, text: formatTick(at) }));
  const frame = { x: range, y: range, xTicks: ticks, yTicks: ticks, xTitle, yTitle, label, isSquare: true };
  const counts = countCells(xs, ys, range);
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  return renderPlot(frame, () => {
    const paths = new Array<string>(shades).fill('');
    counts.forEach((count, cell) => {
      if (count === 0) return;
      const shade = Math.min(shades - 1, Math.floor((Math.log1p(count) / Math.log1p(most)) * shades));
      paths[shade] += cellPath(cell);
    });
    const marks = paths.map((d, shade) =>
      d === ''
        ? ''
        : `<path class="blue" opacity="${((shade + 1.5) / (shades + 0.5)).toFixed(2)}" d="${d}"/>`,
    );
    return `${marks.join('')}<path class="guide-line" d="M0 1000L1000 0"/>`;
  });
}

function rangeOf(...samples: readonly Float64Array[]): readonly [number, number] {
  const low = Math.min(...samples.map((sample) => sample.reduce((a, b) => Math.min(a, b), Infinity)));
  const high = Math.max(...samples.map((sample) => sample.reduce((a, b) => Math.max(a, b), -Infinity)));
  return high > low ? [low, high] : [low - 1, low + 1];
}

function countCells(xs: Float64Array, ys: Float64Array, [low, high]: readonly [number, number]): Int32Array {
  const place = (value: number): number =>
    Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells));
  const counts = new Int32Array(cells * cells);
  xs.forEach((value, row) => {
    counts[place(ys[row]!) * cells + place(value)]! += 1;
  });
  return counts;
}

/** A cell in the frame's units; whole numbers are near enough. */
function cellPath(cell: number): string {
  const [left, right] = [edge(cell % cells), edge((cell % cells) + 1)];
  const row = Math.floor(cell / cells);
  const [bottom, top] = [1000 - edge(row), 1000 - edge(row + 1)];
  return `M${left} ${top}H${right}V${bottom}H${left}Z`;
}

function edge(index: number): number {
  return Math.round((index / cells) * 1000);
}
