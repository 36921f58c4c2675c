import { escapeHtml } from './html.ts';

const width = 480;
const left = 44;
const bottom = 30;

/** Bars side by side: share of test rows and of live rows in each cell. */
export function plotCells({
  labels,
  reference,
  current,
  label,
}: {
  readonly labels: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly label: string;
}): string {
  const height = 200;
  const shares = [reference, current].map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count) => count / total);
  });
  const most = Math.max(...shares.flat()) || 1;
  const step = (width - left - 8) / labels.length;
  const y = (share: number): number => round(8 + (1 - share / most) * (height - bottom - 8));
  const bars = shares.flatMap((values, side) =>
    values.map((share, cell) => {
      const x = round(left + cell * step + step * (side === 0 ? 0.1 : 0.5));
      const color = side === 0 ? 'blue' : 'orange';
      return `<rect class="${color}" x="${x}" y="${y(share)}" width="${round(step * 0.4)}" height="${round(y(0) - y(share))}"/>`;
    }),
  );
  const every = Math.ceil(labels.length / 10);
  const names = labels.map((name, cell) =>
    cell % every === 0
      ? `<text x="${round(left + (cell + 0.5) * step)}" y="${height - 14}" text-anchor="middle">${escapeHtml(shorten(name))}</text>`
      : '',
  );
  return svg(
    height,
    label,
    `${verticalScale(most, y, (share) => `${Math.round(share * 100)} %`)}${bars.join('')}${names.join('')}`,
  );
}

/** One point per window, joined; drifting windows are filled, a dashed line shows what to compare with. */
export function plotTimeline({
  dates,
  values,
  marked,
  guide,
  label,
}: {
  readonly dates: readonly string[];
  readonly values: readonly (number | null)[];
  readonly marked: readonly boolean[];
  readonly guide?: { readonly value: number; readonly text: string };
  readonly label: string;
}): string {
  const height = 240;
  const most = Math.max(guide?.value ?? 0, ...values.map((value) => value ?? 0)) * 1.1 || 1;
  const step = (width - left - 24) / Math.max(1, dates.length - 1);
  const x = (index: number): number => round(left + 8 + index * step);
  const y = (value: number): number => round(8 + (1 - value / most) * (height - bottom - 8));
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]));
  const line = `<polyline class="lineblue" points="${known.map(({ value, index }) => `${x(index)},${y(value)}`).join(' ')}"/>`;
  const points = known.map(
    ({ value, index }) =>
      `<circle class="${marked[index] === true ? 'orange' : 'blue'}" cx="${x(index)}" cy="${y(value)}" r="${marked[index] === true ? 5 : 3}"/>`,
  );
  const every = Math.ceil(dates.length / 6);
  const names = dates.map((text, index) =>
    index % every === 0
      ? `<text x="${x(index)}" y="${height - 10}" text-anchor="middle">${text.slice(5)}</text>`
      : '',
  );
  const against =
    guide === undefined
      ? ''
      : `<line class="guide" x1="${left}" x2="${width - 8}" y1="${y(guide.value)}" y2="${y(guide.value)}"/><text x="${width - 10}" y="${y(guide.value) - 4}" text-anchor="end">${escapeHtml(guide.text)}</text>`;
  const scale = verticalScale(most, y, (value) => String(Number(value.toPrecision(2))));
  return svg(height, label, `${scale}${line}${points.join('')}${against}${names.join('')}`);
}

function verticalScale(
  most: number,
  y: (value: number) => number,
  format: (value: number) => string,
): string {
  return [0, 0.5, 1]
    .map((part) => {
      const value = part * most;
      return `<line class="axis" x1="${left}" x2="${width - 8}" y1="${y(value)}" y2="${y(value)}"/><text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${format(value)}</text>`;
    })
    .join('');
}

function svg(height: number, label: string, content: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${content}</svg>`;
}

function shorten(text: string): string {
  return text.length > 9 ? `${text.slice(0, 8)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
