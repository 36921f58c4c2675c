import { plotArea, renderPlot, round, roundTicks, type PlotArea } from './plot-area.ts';

const cells = 44;

/** Predicted against observed as a density of 44 x 44 cells with the diagonal. */
export function plotPredictedAgainstObserved(observed: Float64Array, predicted: Float64Array): string {
  const range = rangeOf([observed, predicted]);
  const area = plotArea(range, range);
  const counts = countCells(observed, predicted, range);
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const marks: string[] = [];
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const opacity = round(0.15 + 0.85 * (Math.log1p(count) / Math.log1p(most)));
    marks.push(`<rect class="blue" ${cellPlace(area, range, cell)} opacity="${opacity}"/>`);
  });
  const [low, high] = range;
  marks.push(
    `<line class="guide" x1="${area.x(low)}" y1="${area.y(low)}" x2="${area.x(high)}" y2="${area.y(high)}"/>`,
  );
  const ticks = roundTicks(range);
  return renderPlot(area, {
    xTicks: ticks,
    yTicks: ticks,
    xTitle: 'observed; on the dashed line a prediction is right',
    label: 'Predicted against observed values',
    marks: marks.join(''),
  });
}

/** Histogram of predicted minus observed. */
export function plotResiduals(observed: Float64Array, predicted: Float64Array): string {
  const residuals = predicted.map((value, row) => value - observed[row]!);
  const largest = residuals.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const bins = 41;
  const counts = new Array<number>(bins).fill(0);
  for (const residual of residuals) {
    const bin = Math.min(bins - 1, Math.floor(((residual + largest) / (2 * largest)) * bins));
    counts[bin]! += 1;
  }
  const range = [-largest, largest] as const;
  const area = plotArea(range, [0, Math.max(...counts)]);
  const width = round((area.x(largest) - area.x(-largest)) / bins - 1);
  const bars = counts.map((count, bin) => {
    const left = area.x(-largest + (bin / bins) * 2 * largest);
    return `<rect class="blue" x="${left}" y="${area.y(count)}" width="${width}" height="${round(area.y(0) - area.y(count))}"/>`;
  });
  const zero = `<line class="guide" x1="${area.x(0)}" x2="${area.x(0)}" y1="${area.y(0)}" y2="${area.y(Math.max(...counts))}"/>`;
  return renderPlot(area, {
    xTicks: roundTicks(range),
    yTicks: roundTicks([0, Math.max(...counts)]),
    xTitle: 'predicted minus observed; right of 0 the model says too much',
    label: 'Histogram of residuals',
    marks: bars.join('') + zero,
  });
}

/** Share of rows whose absolute error is at most x, for champion and candidate: the higher line errs less. */
export function plotErrorShares(
  observed: Float64Array,
  { candidate, champion }: { candidate: Float64Array; champion: Float64Array },
): string {
  const sortedErrors = (predicted: Float64Array): Float64Array =>
    predicted.map((value, row) => Math.abs(value - observed[row]!)).sort();
  const [ours, theirs] = [sortedErrors(candidate), sortedErrors(champion)];
  const end = Math.max(
    ours[Math.floor(ours.length * 0.98)] ?? 1,
    theirs[Math.floor(theirs.length * 0.98)] ?? 1,
  );
  const area = plotArea([0, end], [0, 1]);
  const line = (errors: Float64Array, name: string): string =>
    `<polyline class="${name}" points="${shareLine(area, errors, end)}"/>`;
  return renderPlot(area, {
    xTicks: roundTicks([0, end]),
    yTicks: [0, 0.25, 0.5, 0.75, 1],
    xTitle: 'share of fresh rows with at most this absolute error',
    label: 'Share of rows by absolute error, champion and candidate',
    marks: line(theirs, 'lineorange') + line(ours, 'lineblue'),
  });
}

function shareLine(area: PlotArea, errors: Float64Array, end: number): string {
  const points = 100;
  return Array.from({ length: points + 1 }, (_, index) => {
    const limit = (index / points) * end;
    return `${area.x(limit)},${area.y(countBelow(errors, limit) / errors.length)}`;
  }).join(' ');
}

/** How many of the sorted values are at most the limit. */
function countBelow(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rangeOf(samples: readonly Float64Array[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of samples.flatMap((sample) => Array.from(sample))) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high > low ? [low, high] : [low - 1, low + 1];
}

function countCells(x: Float64Array, y: Float64Array, [low, high]: readonly [number, number]): Int32Array {
  const place = (value: number): number =>
    Math.min(cells - 1, Math.floor(((value - low) / (high - low)) * cells));
  const counts = new Int32Array(cells * cells);
  x.forEach((value, row) => {
    counts[place(y[row]!) * cells + place(value)]! += 1;
  });
  return counts;
}

function cellPlace({ x, y }: PlotArea, [low, high]: readonly [number, number], cell: number): string {
  const size = (high - low) / cells;
  const left = low + (cell % cells) * size;
  const bottom = low + Math.floor(cell / cells) * size;
  const [width, height] = [round(x(left + size) - x(left)), round(y(bottom) - y(bottom + size))];
  return `x="${x(left)}" y="${y(bottom + size)}" width="${width}" height="${height}"`;
}
