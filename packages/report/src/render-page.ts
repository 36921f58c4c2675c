import { escapeHtml } from './escape-html.ts';
import { formatTime } from './format-time.ts';
import { pageStyle } from './page-style.ts';

/** A report: what it is about, the verdict first, then the evidence. */
export interface ReportPage {
  /** What kind of report, above the name. */
  readonly kind: string;
  readonly name: string;
  /** Facts under the name. */
  readonly facts: readonly string[];
  /** When it was made, microseconds since 1970-01-01 UTC. */
  readonly createdAt: number | undefined;
  readonly verdict: {
    readonly word: string;
    readonly tone: 'good' | 'bad' | 'wait';
    readonly sentence: string;
    /** Lines under the sentence. */
    readonly more: readonly string[];
    /** Small print under them. */
    readonly notes: readonly string[];
  };
  /** HTML. */
  readonly body: string;
}

/**
 * One whole page without script, fonts or network, the same bytes for the same input: opens anywhere, also in MLflow's
 * sandboxed viewer, light or dark, on a telephone and on paper.
 */
export function renderPage({ kind, name, facts, createdAt, verdict, body }: ReportPage): string {
  const lines = (texts: readonly string[], name: string): string =>
    texts.map((text) => `<p class="${name}">${escapeHtml(text)}</p>`).join('');
  const all = createdAt === undefined ? facts : [formatTime(createdAt), ...facts];
  const head = `<header class="top"><p class="kind">${escapeHtml(kind)}</p><h1>${escapeHtml(name)}</h1><ul class="facts">${all.map((fact) => `<li>${escapeHtml(fact)}</li>`).join('')}</ul></header>`;
  const first = `<section class="verdict ${verdict.tone}"><span class="pill ${verdict.tone}">${escapeHtml(verdict.word)}</span><p class="sentence">${escapeHtml(verdict.sentence)}</p>${lines(verdict.more, 'more')}${lines(verdict.notes, 'note')}</section>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${escapeHtml(`${name}: ${kind.toLowerCase()}`)}</title><style>${pageStyle}</style></head>
<body><main>${head}${first}${body}</main></body></html>
`;
}
