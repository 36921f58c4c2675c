import { escapeHtml } from './escape-html.ts';

/** One figure that the reader should take home. */
export interface Tile {
  readonly label: string;
  readonly value: string;
  readonly unit?: string | undefined;
  readonly note?: string;
  readonly tone?: 'good' | 'bad' | 'wait' | 'calm';
}

/** The page's main figures in a row. */
export function renderTiles(tiles: readonly Tile[]): string {
  const boxes = tiles.map(({ label, value, unit, note, tone = 'calm' }) => {
    const suffix = unit === undefined || unit === '' ? '' : ` <small>${escapeHtml(unit)}</small>`;
    const below = note === undefined ? '' : `<dd class="note">${escapeHtml(note)}</dd>`;
    return `<div class="tile ${tone}"><dt>${escapeHtml(label)}</dt><dd class="value">${escapeHtml(value)}${suffix}</dd>${below}</div>`;
  });
  return `<dl class="tiles">${boxes.join('')}</dl>`;
}
