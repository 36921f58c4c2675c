import { escapeHtml } from './html.ts';

/** Places of a plot in SVG units; scales go from data to places. */
export interface PlotArea {
  readonly width: number;
  readonly height: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

const margin = { left: 48, right: 12, top: 10, bottom: 34 };

/** A plot of 480 x 320 units over these ranges of data. */
export function plotArea(xRange: readonly [number, number], yRange: readonly [number, number]): PlotArea {
  const [width, height] = [480, 320];
  const scale =
    ([low, high]: readonly [number, number], from: number, to: number) =>
    (value: number): number =>
      round(from + ((value - low) / (high - low || 1)) * (to - from));
  return {
    width,
    height,
    x: scale(xRange, margin.left, width - margin.right),
    y: scale(yRange, height - margin.bottom, margin.top),
  };
}

/** The plot as SVG with ticks and axis titles. `label` is read out to people who do not see it. */
export function renderPlot(
  area: PlotArea,
  {
    xTicks,
    yTicks,
    xTitle,
    label,
    marks,
  }: {
    readonly xTicks: readonly number[];
    readonly yTicks: readonly number[];
    readonly xTitle: string;
    readonly label: string;
    readonly marks: string;
  },
): string {
  const { width, height, x, y } = area;
  const bottom = height - margin.bottom;
  const grid = yTicks.map(
    (tick) =>
      `<line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}"/>` +
      `<text x="${margin.left - 6}" y="${y(tick) + 4}" text-anchor="end">${formatTick(tick)}</text>`,
  );
  const below = xTicks.map(
    (tick) => `<text x="${x(tick)}" y="${bottom + 14}" text-anchor="middle">${formatTick(tick)}</text>`,
  );
  const title = `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 4}" text-anchor="middle">${escapeHtml(xTitle)}</text>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${grid.join('')}${below.join('')}${title}${marks}</svg>`;
}

/** About five round numbers within a range. */
export function roundTicks([low, high]: readonly [number, number]): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 6) ?? 10 * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Two digits after the point are enough for a place. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function formatTick(value: number): string {
  return Math.abs(value) >= 10_000 ? `${value / 1000}k` : String(value);
}
