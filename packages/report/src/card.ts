import { escapeHtml } from './escape-html.ts';

/** A titled box. `content` and `note` are HTML. */
export function renderCard({
  title,
  note,
  content,
  tag,
}: {
  readonly title: string;
  readonly note?: string;
  readonly content: string;
  /** A short word beside the title, in a tone. */
  readonly tag?: { readonly text: string; readonly tone: 'good' | 'bad' | 'wait' | 'calm' };
}): string {
  const mark = tag === undefined ? '' : `<span class="pill ${tag.tone}">${escapeHtml(tag.text)}</span>`;
  const line = note === undefined || note === '' ? '' : `<p class="note">${note}</p>`;
  return `<section class="card"><header><h3>${escapeHtml(title)}</h3>${mark}</header>${line}${content}</section>`;
}

/** Cards side by side, as many as the screen is wide for. */
export function renderGrid(cards: readonly string[], { wide = false } = {}): string {
  return `<div class="grid${wide ? ' wide' : ''}">${cards.join('')}</div>`;
}

/** Cards of unequal height in columns, as many as the screen is wide for; they follow each other downwards. */
export function renderColumns(cards: readonly string[]): string {
  return `<div class="columns">${cards.join('')}</div>`;
}

/** A part of the page under a heading. `note` and `content` are HTML. */
export function renderSection(title: string, note: string, content: string): string {
  const line = note === '' ? '' : `<p class="note">${note}</p>`;
  return `<section class="part"><h2>${escapeHtml(title)}</h2>${line}${content}</section>`;
}

/** What the colours mean. */
export function renderLegend(
  entries: readonly { readonly color: 'blue' | 'orange'; readonly text: string }[],
): string {
  const keys = entries.map(
    ({ color, text }) => `<span class="key"><i class="${color}"></i>${escapeHtml(text)}</span>`,
  );
  return `<p class="legend">${keys.join('')}</p>`;
}
