import type { GateVerdict } from '@slipway/contracts';
import {
  escapeHtml,
  formatCount,
  formatDay,
  formatShare,
  plotCumulative,
  plotDensity,
  plotHistogram,
  renderBarList,
  renderCard,
  renderColumns,
  renderGrid,
  renderLegend,
  renderPage,
  renderSection,
  renderTable,
  renderTiles,
  type Tile,
} from '@slipway/report';
import { formatNumber } from '../format-number.ts';
import { regressionMetrics, type RegressionMetric } from '../metric.ts';
import type { ReportedColumn, SliceError } from './slice-errors.ts';

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
  readonly slices: readonly SliceError[];
  /** Predictions of champion and candidate on the fresh rows. */
  readonly comparison?:
    | { readonly observed: Float64Array; readonly candidate: Float64Array; readonly champion: Float64Array }
    | undefined;
  /** What the feature table says about target and features, for units. */
  readonly columns?: Readonly<Record<string, ReportedColumn>>;
  /** When the report is made, microseconds since 1970-01-01 UTC; left out, it carries no date. */
  readonly createdAt?: number;
}

/**
 * One self-contained HTML page with inline SVG and no script, the same bytes for the same input: the verdict in words,
 * the main figures, predicted against observed, residuals, champion against candidate, every metric, slices.
 */
export function renderEvaluationReport(report: EvaluationReport): string {
  const { model, runId, subtitle, observed, verdict, createdAt } = report;
  return renderPage({
    kind: 'Evaluation',
    name: model,
    facts: [subtitle, `${formatCount(observed.length)} test rows`, `run ${runId}`],
    createdAt,
    verdict: {
      word: verdict.outcome,
      tone: tones[verdict.outcome],
      sentence: withoutOutcome(verdict),
      more: verdict.override === null ? [] : [describeOverride(verdict.override)],
      notes: notesOf(verdict),
    },
    body: renderTiles(tilesOf(report)) + renderGrid(cards(report), { wide: true }) + sliceSection(report),
  });
}

const tones = { passed: 'good', overridden: 'wait', rejected: 'bad', insufficient: 'wait' } as const;

/** The sentence begins with the outcome, which stands beside it already. */
function withoutOutcome({ outcome, sentence, metric }: GateVerdict): string {
  const rest = sentence.startsWith(`${outcome}: `) ? sentence.slice(outcome.length + 2) : sentence;
  if (rest.startsWith(metric)) return rest;
  return `${rest.charAt(0).toUpperCase()}${rest.slice(1)}`;
}

function describeOverride({ by, at, reason, of }: NonNullable<GateVerdict['override']>): string {
  return `The gate said ${of}; ${by} let it serve on ${formatDay(at)}: ${reason}`;
}

function notesOf({ metric, championStored }: GateVerdict): string[] {
  if (championStored === null) return [];
  return [
    `On its own test rows the champion had ${metric} ${formatNumber(championStored)}; that is shown and not gated on, since the rows are others.`,
  ];
}

function unitOf({ columns = {}, target }: EvaluationReport): string {
  return columns[target]?.unit ?? target;
}

function tilesOf(report: EvaluationReport): Tile[] {
  const { metrics, meanMetrics, verdict } = report;
  const unit = unitOf(report);
  const tile = (name: RegressionMetric, label: string): Tile => ({
    label,
    value: formatNumber(metrics[name] ?? NaN),
    unit: regressionMetrics[name].unit === 'target' ? unit : '',
    note: `the mean: ${formatNumber(meanMetrics[name] ?? NaN)}`,
  });
  const tiles = [tile('rmse', 'Test RMSE'), tile('mae', 'Test MAE'), tile('r2', 'Test R²')];
  const { threshold, gain, confidence, championVersion, direction } = verdict;
  if (threshold !== null) {
    const note = `${direction === 'minimize' ? 'at most' : 'at least'}, for ${verdict.metric}`;
    return [...tiles, { label: 'Business threshold', value: formatNumber(threshold), note }];
  }
  if (gain === null) return tiles;
  return [
    ...tiles,
    {
      label: `${gain > 0 ? 'Better' : 'Worse'} than version ${championVersion ?? ''} by`,
      value: formatShare(Math.abs(gain)),
      note: confidence === null ? verdict.metric : `${verdict.metric}, confidence ${confidence.toFixed(3)}`,
      tone: tones[verdict.outcome],
    },
  ];
}

function cards(report: EvaluationReport): string[] {
  const { observed, predicted, comparison } = report;
  const unit = unitOf(report);
  const density = plotDensity({
    x: observed,
    y: predicted,
    xTitle: `observed, ${unit}`,
    yTitle: `predicted, ${unit}`,
    label: 'Predicted against observed values',
  });
  const residuals = plotHistogram({
    values: predicted.map((value, row) => value - observed[row]!),
    bins: 41,
    xTitle: `predicted minus observed, ${unit}`,
    label: 'Histogram of residuals',
  });
  return [
    renderCard({
      title: 'Predicted against observed',
      note: 'on the dashed line a prediction is right; stronger colour: more rows',
      content: density,
    }),
    renderCard({ title: 'Residuals', note: 'right of 0 the model says too much', content: residuals }),
    ...(comparison === undefined || comparison.observed.length === 0
      ? []
      : [championCard(report, comparison)]),
    renderCard({
      title: 'Metrics on the test rows',
      note: 'beside those of predicting the training mean everywhere',
      content: metricTable(report),
    }),
  ];
}

function championCard(
  report: EvaluationReport,
  { observed, candidate, champion }: NonNullable<EvaluationReport['comparison']>,
): string {
  const { verdict } = report;
  const errors = (predicted: Float64Array): Float64Array =>
    predicted.map((value, row) => Math.abs(value - observed[row]!));
  const plot = plotCumulative(
    [
      { color: 'orange', sample: errors(champion) },
      { color: 'blue', sample: errors(candidate) },
    ],
    {
      xTitle: `absolute error, ${unitOf(report)}`,
      yTitle: 'share of fresh rows that err at most so much',
      label: 'Share of fresh rows by absolute error, candidate and champion',
    },
  );
  const legend = renderLegend([
    { color: 'blue', text: `candidate, ${verdict.metric} ${formatNumber(verdict.candidate ?? NaN)}` },
    {
      color: 'orange',
      text: `version ${verdict.championVersion ?? ''}, ${verdict.metric} ${formatNumber(verdict.champion ?? NaN)}`,
    },
  ]);
  return renderCard({
    title: 'Candidate and champion on the same fresh rows',
    note: 'the higher line errs less',
    content: legend + plot,
  });
}

function metricTable(report: EvaluationReport): string {
  const { metrics, meanMetrics } = report;
  const unit = unitOf(report);
  const units = { target: unit, 'target squared': `${unit}²`, share: '' };
  const rows = (Object.keys(regressionMetrics) as RegressionMetric[]).map((name) => [
    `<span title="${escapeHtml(regressionMetrics[name].meaning)}">${name}</span>`,
    formatNumber(metrics[name] ?? NaN),
    formatNumber(meanMetrics[name] ?? NaN),
    escapeHtml(units[regressionMetrics[name].unit]),
  ]);
  return renderTable(
    [
      { title: 'metric', kind: 'text' },
      { title: 'model' },
      { title: 'the mean' },
      { title: 'unit', kind: 'text' },
    ],
    rows,
  );
}

const fewRows = 20;

function sliceSection(report: EvaluationReport): string {
  const { slices, metrics, columns = {} } = report;
  const names = [...new Set(slices.map(({ column }) => column))];
  if (names.length === 0) return '';
  const overall = metrics['rmse'] ?? 0;
  const note = `RMSE in ${escapeHtml(unitOf(report))} of the test rows that share a value, and how many rows; the dashed line is the whole test set (${formatNumber(overall)}); pale bars have fewer than ${fewRows} rows`;
  const boxes = names.map((name) => {
    const own = slices.filter(({ column }) => column === name);
    const unit = columns[name]?.unit;
    return renderCard({
      title: unit === undefined ? name : `${name}, ${unit}`,
      content: sliceBars(name, own, overall),
    });
  });
  return renderSection('Error by slice', note, renderColumns(boxes));
}

function sliceBars(name: string, slices: readonly SliceError[], overall: number): string {
  const most = Math.max(overall, ...slices.map(({ rmse }) => rmse)) || 1;
  const bars = slices.map(({ value, rows, rmse }) => ({
    name: value,
    bars: [{ color: 'blue' as const, length: rmse / most }],
    text: `${formatNumber(rmse)} (${rows})`,
    isPale: rows < fewRows,
  }));
  return renderBarList(bars, { label: `RMSE by ${name}`, guide: overall / most });
}
