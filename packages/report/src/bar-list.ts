import { escapeHtml } from './escape-html.ts';

/** One line of a bar list: a name and one or two bars of lengths 0 to 1. */
export interface Bar {
  readonly name: string;
  readonly bars: readonly { readonly color: 'blue' | 'orange'; readonly length: number }[];
  readonly text: string;
  /** Few rows stand behind it. */
  readonly isPale?: boolean;
}

/**
 * Named horizontal bars, as text and boxes, so that names stay readable at any width.
 * @param options.guide a dashed line through all bars at this length, 0 to 1
 * @param options.label read out to people who do not see it
 */
export function renderBarList(
  bars: readonly Bar[],
  { label, guide }: { readonly label: string; readonly guide?: number | undefined },
): string {
  const line = guide === undefined ? '' : `<i class="guide" style="left:${percent(guide)}"></i>`;
  const rows = bars.map(({ name, bars: lengths, text, isPale = false }) => {
    const boxes = lengths.map(
      ({ color, length }) => `<i class="${color}" style="width:${percent(length)}"></i>`,
    );
    return `<dt>${escapeHtml(name)}</dt><dd class="track${lengths.length === 1 ? ' one' : ''}${isPale ? ' pale' : ''}">${boxes.join('')}${line}</dd><dd class="amount">${escapeHtml(text)}</dd>`;
  });
  return `<dl class="bars" aria-label="${escapeHtml(label)}">${rows.join('')}</dl>`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}
