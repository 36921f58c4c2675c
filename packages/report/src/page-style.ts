/** Colours as variables for light and dark, then the parts from top to bottom. Text never scales with a plot. */
export const pageStyle = `
:root{color-scheme:light dark;--ink:#17212b;--soft:#5a6875;--line:#e1e6ec;--paper:#fff;--ground:#f4f6f8;--blue:#2f6fb8;--orange:#dd7d21;--good:#17734a;--bad:#b5362a;--wait:#8a5f00;--calm:#5a6875}
@media(prefers-color-scheme:dark){:root{--ink:#e5eaf0;--soft:#9aa8b5;--line:#2c3743;--paper:#19212a;--ground:#10161c;--blue:#69a5e6;--orange:#f2a657;--good:#5cc596;--bad:#f28b7d;--wait:#e2b657;--calm:#9aa8b5}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%}
main{max-width:1120px;margin:0 auto;padding:36px 24px 72px}
h1,h2,h3,p,dl,dd,figure{margin:0}
h1{font-size:28px;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}h2{font-size:19px;letter-spacing:-.005em}h3{font-size:15px;font-weight:600;overflow-wrap:anywhere}
.kind{font-size:12px;font-weight:600;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin-bottom:4px}
.facts{list-style:none;display:flex;flex-wrap:wrap;gap:2px 18px;margin:8px 0 0;padding:0;color:var(--soft);font-size:13.5px}.facts li{overflow-wrap:anywhere}
.note{color:var(--soft);font-size:13.5px}
.prose{margin-top:6px;max-width:92ch;font-size:14px}
.pill{display:inline-block;font-size:12px;font-weight:600;line-height:1;padding:5px 9px;border-radius:99px;color:var(--tone);background:color-mix(in srgb,var(--tone) 13%,var(--paper));white-space:nowrap}
.good{--tone:var(--good)}.bad{--tone:var(--bad)}.wait{--tone:var(--wait)}.calm{--tone:var(--calm)}
.verdict{margin-top:22px;padding:20px 24px 22px;background:var(--paper);border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:12px}
.verdict .sentence{font-size:19px;line-height:1.4;font-weight:600;margin:12px 0 0;text-wrap:pretty}.verdict .more{margin-top:6px}.verdict .note{margin-top:8px;max-width:88ch}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:14px;margin-top:14px}
.tile{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:14px 18px}
.tile dt{font-size:13px;color:var(--soft)}.tile .value{font-size:26px;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums;color:var(--ink)}.tile.good .value,.tile.bad .value,.tile.wait .value{color:var(--tone)}.tile small{font-size:14px;font-weight:500;color:var(--soft)}
.part{margin-top:38px}.part>.note{margin-top:2px;max-width:88ch}.part>.legend{margin-top:6px}
.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr));gap:14px;margin-top:14px;align-items:start}.grid.wide{grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));align-items:stretch}
.columns{columns:310px;column-gap:14px;margin-top:14px}.columns .card{margin:0 0 14px;break-inside:avoid}.grid.wide .card{display:flex;flex-direction:column}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:16px 18px 18px;margin-top:14px;min-width:0}.grid .card{margin-top:0}
.card header{display:flex;justify-content:space-between;align-items:baseline;gap:10px}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:13.5px;color:var(--soft)}.key i{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:6px}
i.blue{background:var(--blue)}i.orange{background:var(--orange)}
.scroll{overflow-x:auto;margin:8px -18px 0;padding:0 18px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}th,td{padding:6px 0 6px 18px;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
th{color:var(--soft);font-weight:500;font-size:13px}th:first-child,td:first-child{padding-left:0}.text{text-align:left}tbody tr:last-child td{border-bottom:0}td .sub{color:var(--soft)}td.text.wrap{white-space:normal}
.bars{display:grid;grid-template-columns:fit-content(42%) 1fr auto;gap:0 10px;margin-top:10px;font-size:13px;align-items:center}
.bars dt{overflow-wrap:anywhere;text-align:right;line-height:1.25;padding:2px 0}.bars .track{position:relative;align-self:stretch;display:flex;flex-direction:column;justify-content:center;gap:1px;padding:3px 0;min-height:22px}
.bars .track i{display:block;height:7px;border-radius:0 3px 3px 0;min-width:1px}.bars .one i{height:12px}.bars .track .guide{position:absolute;top:0;bottom:0;width:0;min-width:0;height:auto;border-left:1.5px dashed var(--soft);border-radius:0;opacity:.7}
.bars .pale i:not(.guide){opacity:.4}.bars .amount{color:var(--soft);font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.plot{flex:1;display:grid;grid-template:auto minmax(230px,1fr) auto auto/calc(var(--digits)*1ch + 8px) minmax(0,1fr);margin-top:12px;font-size:12px;color:var(--soft);font-variant-numeric:tabular-nums}
.plot .axis{grid-column:2;font-size:12.5px}.plot p.axis{grid-row:1;margin-bottom:8px}.plot figcaption{grid-row:4;margin-top:4px;text-align:center}
.ys,.area,.xs{position:relative}.area{grid-area:2/2}.ys{grid-area:2/1}.plot.square .area{aspect-ratio:1;width:100%;max-height:460px}.xs{grid-area:3/2;height:20px;margin-top:5px}
.ys span{position:absolute;right:8px;transform:translateY(-50%);line-height:1}.xs span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.area svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}.area b{position:absolute;right:2px;transform:translateY(-118%);font-weight:500;background:color-mix(in srgb,var(--paper) 80%,transparent);padding:0 3px;border-radius:3px;line-height:1.35}
svg path{vector-effect:non-scaling-stroke}path.blue{fill:var(--blue)}path.orange{fill:var(--orange)}.grid-line{stroke:var(--line);fill:none}.guide-line{stroke:var(--soft);stroke-dasharray:5 4;stroke-width:1.3;fill:none}
.line{fill:none!important;stroke-width:2;stroke-linejoin:round}.line.blue,.dot.blue{stroke:var(--blue)}.line.orange,.dot.orange{stroke:var(--orange)}.dot{stroke-width:7;stroke-linecap:round}.dot.orange{stroke-width:11}.shade{fill:var(--bad);opacity:.09}
@media(max-width:560px){main{padding:22px 14px 48px}h1{font-size:23px}.verdict{padding:16px 16px 18px}.verdict .sentence{font-size:17px}.tiles{grid-template-columns:1fr 1fr;gap:10px}.tile{padding:12px 14px}.tile .value{font-size:21px}.plot{grid-template-rows:auto minmax(190px,1fr) auto auto}.xs span:nth-child(even){display:none}}
@media print{body{background:#fff}.card,.verdict,.tile{break-inside:avoid}}`;
