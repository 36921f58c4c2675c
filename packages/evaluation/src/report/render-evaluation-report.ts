import type { GateVerdict } from '@slipway/contracts';
import { formatNumber, formatPercent } from '../format-number.ts';
import { regressionMetrics, type RegressionMetric } from '../metric.ts';
import { escapeHtml, page } from './html.ts';
import { plotErrorShares, plotPredictedAgainstObserved, plotResiduals } from './plots.ts';

/** Error of the test rows that share a value of a column. */
export interface ReportedSlice {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  readonly rmse: number;
}

export interface EvaluationReport {
  readonly model: string;
  readonly runId: string;
  readonly subtitle: string;
  readonly target: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** The same metrics for predicting the training mean everywhere. */
  readonly meanMetrics: Readonly<Record<string, number>>;
  readonly verdict: GateVerdict;
  readonly observed: Float64Array;
  readonly predicted: Float64Array;
  readonly slices: readonly ReportedSlice[];
  /** Predictions of champion and candidate on the fresh rows. */
  readonly comparison?:
    | { readonly observed: Float64Array; readonly candidate: Float64Array; readonly champion: Float64Array }
    | undefined;
}

/**
 * One self-contained HTML page with inline SVG and no script, the same bytes for the same input: the verdict in words,
 * the metrics beside those of the mean, predicted against observed, residuals, champion against candidate, slices.
 */
export function renderEvaluationReport(report: EvaluationReport): string {
  const { model, runId, subtitle, observed, predicted, comparison } = report;
  const head = `<h1>${escapeHtml(model)}: evaluation</h1><p class="soft">${escapeHtml(subtitle)} · run ${escapeHtml(runId)} · ${observed.length} test rows</p>`;
  const plots = [
    card('Predicted against observed', plotPredictedAgainstObserved(observed, predicted)),
    card('Residuals', plotResiduals(observed, predicted)),
    ...(comparison === undefined || comparison.observed.length === 0
      ? []
      : [championCard(report, comparison)]),
    card('Metrics on the test rows', metricTable(report)),
  ];
  return page(
    `${model}: evaluation`,
    `${head}${verdictCard(report.verdict)}<div class="grid wide">${plots.join('')}</div>${sliceCards(report)}`,
  );
}

function card(title: string, content: string): string {
  return `<section class="card"><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

function verdictCard(verdict: GateVerdict): string {
  const facts = [
    verdict.confidence === null ? null : `confidence ${verdict.confidence.toFixed(3)}`,
    verdict.gain === null ? null : `gain ${formatPercent(verdict.gain)}`,
    verdict.championStored === null
      ? null
      : `the champion's own test ${verdict.metric} was ${formatNumber(verdict.championStored)}, which is shown and not gated on`,
  ].filter((fact) => fact !== null);
  return `<section class="card verdict ${verdict.outcome}"><h2>Gate: ${verdict.outcome}</h2><p>${escapeHtml(verdict.sentence)}</p><p class="soft">${escapeHtml(facts.join(' · '))}</p></section>`;
}

function championCard(
  { verdict }: EvaluationReport,
  comparison: NonNullable<EvaluationReport['comparison']>,
): string {
  const keys =
    `<p class="soft"><span class="key" style="background:var(--blue)"></span>candidate ${formatNumber(verdict.candidate ?? NaN)} ` +
    `<span class="key" style="background:var(--orange);margin-left:12px"></span>version ${escapeHtml(verdict.championVersion ?? '')} ${formatNumber(verdict.champion ?? NaN)} (${verdict.metric})</p>`;
  return card(
    'Champion and candidate on the same fresh rows',
    keys + plotErrorShares(comparison.observed, comparison),
  );
}

function metricTable({ metrics, meanMetrics, target }: EvaluationReport): string {
  const rows = (Object.keys(regressionMetrics) as RegressionMetric[]).map((name) => {
    const { unit, meaning } = regressionMetrics[name];
    const inUnit = unit === 'share' ? '' : unit === 'target' ? target : `${target}²`;
    return `<tr title="${escapeHtml(meaning)}"><td>${name}</td><td>${formatNumber(metrics[name] ?? NaN)}</td><td>${formatNumber(meanMetrics[name] ?? NaN)}</td><td>${escapeHtml(inUnit)}</td></tr>`;
  });
  return `<table><thead><tr><th>metric</th><th>model</th><th>the mean</th><th>unit</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function sliceCards({ slices, metrics }: EvaluationReport): string {
  const columns = [...new Set(slices.map(({ column }) => column))];
  if (columns.length === 0) return '';
  const overall = metrics['rmse'] ?? 0;
  const cards = columns.map((column) =>
    card(
      column,
      sliceBars(
        slices.filter((slice) => slice.column === column),
        overall,
      ),
    ),
  );
  return `<section><h2 style="margin-top:32px">Error by slice</h2><p class="soft">rmse of the test rows that share a value; the dashed line is the whole test set; pale bars have fewer than 20 rows</p><div class="grid">${cards.join('')}</div></section>`;
}

function sliceBars(slices: readonly ReportedSlice[], overall: number): string {
  const most = Math.max(overall, ...slices.map(({ rmse }) => rmse)) || 1;
  const height = 20;
  const scale = (value: number): number => Math.round((value / most) * 250);
  const bars = slices.map(({ value, rows, rmse }, index) => {
    const y = index * height;
    return `<text x="84" y="${y + 14}" text-anchor="end">${escapeHtml(value)}</text><rect class="blue" x="92" y="${y + 3}" width="${scale(rmse)}" height="${height - 6}" opacity="${rows < 20 ? 0.35 : 0.85}"/><text x="${scale(rmse) + 98}" y="${y + 14}">${formatNumber(rmse)} (${rows})</text>`;
  });
  const x = 92 + scale(overall);
  const guide = `<line class="guide" x1="${x}" x2="${x}" y1="0" y2="${slices.length * height}"/>`;
  return `<svg viewBox="0 0 430 ${slices.length * height}" role="img" aria-label="Error by slice">${bars.join('')}${guide}</svg>`;
}
