import { escapeHtml } from './escape-html.ts';

export interface TableColumn {
  readonly title: string;
  /** Numbers stand to the right. @default 'number' */
  readonly kind?: 'text' | 'number';
}

/** A table that scrolls by itself where the screen is narrow. Cells are HTML. */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const kinds = columns.map(({ kind = 'number' }) => (kind === 'text' ? ' class="text"' : ''));
  const head = columns.map(({ title }, place) => `<th${kinds[place]}>${escapeHtml(title)}</th>`);
  const body = rows.map(
    (cells) => `<tr>${cells.map((cell, place) => `<td${kinds[place]}>${cell}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
