const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, for content and for attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A whole page without script, fonts or network: opens anywhere, also in MLflow's sandboxed viewer. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>
`;
}

const style = `
:root{--ink:#1d2733;--soft:#5b6875;--line:#dde3ea;--paper:#fff;--ground:#f4f6f9;--blue:#2f6db5;--orange:#d9822b;--good:#1d7f4f;--bad:#b3382c;--wait:#9a6b00}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf1;--soft:#9aa7b4;--line:#33404d;--paper:#1b232c;--ground:#12181f;--blue:#6ba6e8;--orange:#f0a85b;--good:#5fc794;--bad:#f08a7d;--wait:#e3b95a}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 20px 64px}h1{font-size:26px;margin:0}h2{font-size:17px;margin:0 0 4px}
p{margin:4px 0}.soft{color:var(--soft)}.card{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin-top:18px}
.grid{display:grid;align-items:start;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:18px}.grid .card{margin-top:0}.grid{margin-top:18px}
.wide{grid-template-columns:repeat(auto-fit,minmax(440px,1fr))}
.verdict{border-left:6px solid var(--soft)}.ok{border-left-color:var(--good)}.drift,.alert{border-left-color:var(--bad)}.insufficient{border-left-color:var(--wait)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{padding:5px 8px;border-bottom:1px solid var(--line);text-align:right}
th:first-child,td:first-child{text-align:left}th{color:var(--soft);font-weight:500}tr:last-child td{border-bottom:0}
svg{display:block;width:100%;max-width:640px;height:auto;margin-top:8px}svg text{fill:var(--soft);font:11px system-ui,sans-serif;paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.axis{stroke:var(--line)}.guide{stroke:var(--soft);stroke-dasharray:4 4}.blue{fill:var(--blue)}.orange{fill:var(--orange)}
.lineblue{stroke:var(--blue);fill:none;stroke-width:2}.lineorange{stroke:var(--orange);fill:none;stroke-width:2}
.key{display:inline-block;width:10px;height:10px;border-radius:2px;margin:0 6px 0 0}`;
