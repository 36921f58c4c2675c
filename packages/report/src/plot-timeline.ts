import { escapeHtml } from './escape-html.ts';
import { renderPlot, type PlotScale } from './plot-frame.ts';
import { formatTick, roundTicks } from './round-ticks.ts';

/** One window of a timeline. */
export interface TimelinePoint {
  readonly name: string;
  /** Null leaves a gap. */
  readonly value: number | null;
  readonly isMarked: boolean;
  /** The background is tinted, as long as something lasts. */
  readonly isShaded: boolean;
  /** Shown when the pointer rests on the point. */
  readonly title: string;
}

const mostNames = 7;

/** One point per window, joined; marked ones are large and orange, a dashed line shows what to compare with. */
export function plotTimeline(
  points: readonly TimelinePoint[],
  {
    label,
    guide,
  }: {
    readonly label: string;
    readonly guide?: { readonly value: number; readonly text: string } | undefined;
  },
): string {
  const highest = Math.max(guide?.value ?? 0, ...points.map(({ value }) => value ?? 0)) * 1.12 || 1;
  const every = Math.ceil(points.length / mostNames);
  const frame = {
    x: [-0.5, points.length - 0.5] as const,
    y: [0, highest] as const,
    xTicks: points.flatMap(({ name }, at) => (at % every === 0 ? [{ at, text: name }] : [])),
    yTicks: roundTicks([0, highest]).map((at) => ({ at, text: formatTick(at) })),
    guides: guide === undefined ? [] : [{ at: guide.value, text: guide.text }],
    label,
  };
  return renderPlot(frame, (scale) => shades(points, scale) + joined(points, scale) + dots(points, scale));
}

function shades(points: readonly TimelinePoint[], { x }: PlotScale): string {
  const d = points.map(({ isShaded }, at) =>
    isShaded ? `M${x(at - 0.5)} 0H${x(at + 0.5)}V1000H${x(at - 0.5)}Z` : '',
  );
  return `<path class="shade" d="${d.join('')}"/>`;
}

function joined(points: readonly TimelinePoint[], { x, y }: PlotScale): string {
  let isOpen = false;
  const d = points.map(({ value }, at) => {
    if (value === null) {
      isOpen = false;
      return '';
    }
    const step = `${isOpen ? 'L' : 'M'}${x(at)} ${y(value)}`;
    isOpen = true;
    return step;
  });
  return `<path class="line blue" d="${d.join('')}"/>`;
}

/** A round dot in a stretched drawing: a line of no length with round ends. */
function dots(points: readonly TimelinePoint[], { x, y }: PlotScale): string {
  return points
    .map(({ value, isMarked, title }, at) =>
      value === null
        ? ''
        : `<path class="dot ${isMarked ? 'orange' : 'blue'}" d="M${x(at)} ${y(value)}h0"><title>${escapeHtml(title)}</title></path>`,
    )
    .join('');
}
