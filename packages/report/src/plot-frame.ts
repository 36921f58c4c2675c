import { escapeHtml } from './escape-html.ts';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** What surrounds the marks of a plot. Ranges are in units of the data. */
export interface PlotFrame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** Dashed horizontal lines with their names. */
  readonly guides?: readonly Tick[];
  readonly isSquare?: boolean;
  /** Read out to people who do not see the plot. */
  readonly label: string;
}

/** Places of data in the marks' own units, 0 to 1000 both ways, y downwards. */
export interface PlotScale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/**
 * A plot whose marks stretch with the page while its text does not: marks are SVG without a fixed aspect, ticks and names
 * are HTML around it. Lines keep their width by `non-scaling-stroke`.
 */
export function renderPlot(frame: PlotFrame, marks: (scale: PlotScale) => string): string {
  const scale = scaleOf(frame);
  const { xTicks, yTicks, guides = [], label, xTitle, yTitle, isSquare = false } = frame;
  const grid = yTicks.map(({ at }) => `M0 ${scale.y(at)}H1000`).join('');
  const dashed = guides.map(({ at }) => `M0 ${scale.y(at)}H1000`).join('');
  const across = yTicks.map(
    ({ at, text }) => `<span style="top:${share(scale.y(at))}">${escapeHtml(text)}</span>`,
  );
  const below = xTicks.map(
    ({ at, text }) => `<span style="left:${share(scale.x(at))}">${escapeHtml(text)}</span>`,
  );
  const names = guides.map(({ at, text }) => `<b style="top:${share(scale.y(at))}">${escapeHtml(text)}</b>`);
  const digits = Math.max(1, ...yTicks.map(({ text }) => text.length));
  return (
    `<figure class="plot${isSquare ? ' square' : ''}" style="--digits:${digits}">` +
    (yTitle === undefined ? '' : `<p class="axis">${escapeHtml(yTitle)}</p>`) +
    `<div class="ys" aria-hidden="true">${across.join('')}</div>` +
    `<div class="area"><svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(label)}">` +
    `<path class="grid-line" d="${grid}"/>${marks(scale)}${dashed === '' ? '' : `<path class="guide-line" d="${dashed}"/>`}</svg>${names.join('')}</div>` +
    `<div class="xs" aria-hidden="true">${below.join('')}</div>` +
    (xTitle === undefined ? '' : `<figcaption class="axis">${escapeHtml(xTitle)}</figcaption>`) +
    `</figure>`
  );
}

function scaleOf({ x, y }: PlotFrame): PlotScale {
  const place = (value: number, [low, high]: readonly [number, number]): number =>
    ((value - low) / (high - low || 1)) * 1000;
  return { x: (value) => round(place(value, x)), y: (value) => round(1000 - place(value, y)) };
}

function share(place: number): string {
  return `${round(place / 10)}%`;
}

/** One digit after the point: a thousandth of the page is finer than a pixel. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
