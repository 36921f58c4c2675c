import type { DriftBaseline, DriftBaselineColumn } from '@slipway/contracts';
import { coarseCounts, type ColumnDrift } from '../compare-column.ts';
import type { DriftVerdict } from '../decide-drift.ts';
import type { DriftState } from '../drift-state.ts';
import type { MonitoringPolicy } from '../monitoring-schema.ts';
import { escapeHtml, page } from './html.ts';
import { plotCells, plotTimeline } from './plots.ts';

/** One monitored window. */
export interface ReportedWindow {
  /** Event time of the first row, microseconds since 1970-01-01 UTC. */
  readonly from: number;
  readonly rows: number;
  readonly verdict: DriftVerdict;
  readonly liveRmse: number | null;
}

export interface DriftReport {
  readonly registeredName: string;
  readonly version: string;
  readonly runId: string;
  readonly target: string;
  readonly outcome: 'ok' | 'alert' | 'insufficient';
  readonly windows: readonly ReportedWindow[];
  readonly overall: DriftVerdict;
  readonly baseline: DriftBaseline;
  /** Counts over all windows. */
  readonly state: DriftState;
  readonly policy: MonitoringPolicy;
  readonly testRmse: number | null;
  readonly liveRmse: number | null;
  /** Rows with a label. */
  readonly labelled: number;
}

/**
 * One self-contained HTML page with inline SVG and no script, the same bytes for the same input: verdict, timeline of
 * windows with error and PSI, predictions then and now, every feature.
 */
export function renderDriftReport(report: DriftReport): string {
  const { registeredName, version, runId, windows, overall } = report;
  const name = `${registeredName} version ${version}`;
  const head = `<h1>${escapeHtml(name)}: drift</h1><p class="soft">live predictions against the test predictions of run ${escapeHtml(runId)} · ${overall.rowCount} predictions in ${windows.length} windows</p>`;
  const timeline = windows.length === 0 ? '' : `<div class="grid wide">${timelineCards(report)}</div>`;
  return page(
    `${name}: drift`,
    `${head}${verdictCard(report)}${timeline}${predictionCard(report)}${windowTable(report)}${featureCards(report)}`,
  );
}

function card(title: string, content: string): string {
  return `<section class="card"><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

function verdictCard({
  outcome,
  overall,
  policy,
  testRmse,
  liveRmse,
  labelled,
  target,
}: DriftReport): string {
  const { of, violating } = policy.alert;
  const rule = `A window drifts when p < ${policy.alpha} and PSI ≥ ${policy.minimumPsi} on its predictions; an alert needs ${violating} drifting windows of the last ${of}, the newest among them.`;
  const error =
    liveRmse === null || testRmse === null
      ? 'No labels have arrived, so the live error is unknown.'
      : `Live RMSE ${number(liveRmse)} ${target} on ${labelled} labelled rows, test RMSE ${number(testRmse)}: ${number(liveRmse / testRmse)} times.`;
  const meaning = 'Drift says "unlike the test period". Whether that hurts, the error says.';
  return `<section class="card verdict ${outcome}"><h2>${outcome === 'alert' ? 'Alert' : outcome}</h2><p>${escapeHtml(overall.sentence)}.</p><p>${escapeHtml(error)}</p><p class="soft">${escapeHtml(rule)} ${meaning}</p></section>`;
}

function timelineCards({ windows, policy, testRmse, target }: DriftReport): string {
  const psi = windows.map(({ verdict }) =>
    verdict.outcome === 'insufficient' ? null : verdict.prediction.psi,
  );
  const isDrifted = windows.map(({ verdict }) => verdict.outcome === 'drift');
  const dates = windows.map(({ from }) => date(from));
  const psiPlot = plotTimeline({
    label: 'PSI of the predictions by window',
    dates,
    values: psi,
    marked: isDrifted,
    guide: { value: policy.minimumPsi, text: 'matters' },
  });
  const errors = windows.map(({ liveRmse }) => liveRmse);
  const errorPlot = plotTimeline({
    label: 'Live error by window',
    dates,
    values: errors,
    marked: isDrifted.map(() => false),
    ...(testRmse === null ? {} : { guide: { value: testRmse, text: 'test' } }),
  });
  const noLabels = '<p class="soft">no labels have arrived</p>';
  const hasLabels = errors.some((value) => value !== null);
  return (
    card('PSI of the predictions, by window', psiPlot) +
    card(`Live RMSE (${target}), by window`, hasLabels ? errorPlot : noLabels)
  );
}

function predictionCard({ baseline, state }: DriftReport): string {
  const content = `${legend()}${cellPlot(baseline.columns[0]!, state, 0)}`;
  return card('Predictions: share of rows in the cells of the test predictions', content);
}

function featureCards({ baseline, state, overall }: DriftReport): string {
  const cards = overall.features
    .map((drift, index) => ({ drift, column: baseline.columns[index + 1]!, place: index + 1 }))
    .sort((a, b) => (b.drift.psi ?? 0) - (a.drift.psi ?? 0))
    .map(({ drift, column, place }) =>
      card(drift.name, `<p class="soft">${featureLine(drift)}</p>${cellPlot(column, state, place)}`),
    );
  return `<h2 style="margin-top:32px">Features, the most moved first</h2><p class="soft">they explain the verdict and do not decide it; p is adjusted for their number</p>${legend()}<div class="grid">${cards.join('')}</div>`;
}

function featureLine({
  psi,
  adjustedPValue,
  jensenShannon,
  nullShare,
  unseenShare,
  isDrifted,
}: ColumnDrift): string {
  const parts = [
    isDrifted ? '<b style="color:var(--bad)">moved</b>' : 'steady',
    `PSI ${number(psi)}`,
    `p ${adjustedPValue === null ? '-' : adjustedPValue.toExponential(1)}`,
    `Jensen-Shannon ${number(jensenShannon)}`,
  ];
  if (unseenShare > 0) parts.push(`${percent(unseenShare)} never seen in the test rows`);
  if (nullShare > 0) parts.push(`${percent(nullShare)} NULL`);
  return parts.join(' · ');
}

function cellPlot(column: DriftBaselineColumn, state: DriftState, place: number): string {
  const { reference, current } = coarseCounts(column, state.columns[place]!);
  return plotCells({
    labels: cellLabels(column, reference.length),
    reference,
    current,
    label: `${column.name}, test and live`,
  });
}

/** Names of the coarse cells: lower limits of numbers, categories, and NULL last where it counts. */
function cellLabels({ cells }: DriftBaselineColumn, count: number): string[] {
  const labels =
    cells.kind === 'categorical'
      ? [...cells.categories, 'other']
      : [
          'lowest',
          ...cells.edges
            .filter((_, index) => cells.groups[index + 1] !== cells.groups[index])
            .map((edge) => `${number(edge)}+`),
        ];
  return Array.from({ length: count }, (_, index) => labels[index] ?? 'NULL');
}

function windowTable({ windows }: DriftReport): string {
  const rows = windows.map(
    ({ from, rows: count, verdict, liveRmse }) =>
      `<tr><td>${date(from)}</td><td>${count}</td><td>${number(verdict.prediction.psi)}</td><td>${verdict.prediction.pValue?.toExponential(1) ?? '-'}</td><td>${number(verdict.expectedRmse)}</td><td>${number(liveRmse)}</td><td>${verdict.outcome}</td></tr>`,
  );
  const head = ['from', 'rows', 'PSI', 'p', 'RMSE expected', 'RMSE live', 'verdict'].map(
    (title) => `<th>${title}</th>`,
  );
  const note =
    '<p class="soft">expected: what the test errors would give for these predictions, without labels</p>';
  return card(
    'Windows',
    `${note}<table><thead><tr>${head.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

function legend(): string {
  return '<p class="soft"><span class="key" style="background:var(--blue)"></span>test rows <span class="key" style="background:var(--orange);margin-left:12px"></span>live</p>';
}

function number(value: number | null): string {
  if (value === null) return '-';
  return Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function date(microseconds: number): string {
  return new Date(microseconds / 1000).toISOString().slice(0, 10);
}
