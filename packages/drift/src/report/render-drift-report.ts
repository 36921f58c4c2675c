import {
  escapeHtml,
  formatCount,
  formatDay,
  formatFigure,
  formatPValue,
  formatShare,
  formatShortDay,
  renderCard,
  renderPage,
  renderTable,
  renderTiles,
  type Tile,
} from '@slipway/report';
import { describeMissingLabels } from '../describe-missing-labels.ts';
import { describeMonitoring } from '../describe-monitoring.ts';
import type { DriftReport } from './drift-report.ts';
import { featureSection } from './feature-section.ts';
import { predictionCard } from './prediction-card.ts';
import { timelines } from './timelines.ts';

/**
 * One self-contained HTML page with inline SVG and no script, the same bytes for the same input: the reason for the
 * outcome, the main figures, PSI and error by window, predictions then and now, every feature, all windows.
 */
export function renderDriftReport(report: DriftReport): string {
  const { registeredName, version, runId, windows, overall, createdAt, outcome } = report;
  const reason = describeMonitoring(report);
  const facts = [`${formatCount(overall.rowCount)} predictions in ${windows.length} windows`, `run ${runId}`];
  const evidence =
    timelines(report) +
    predictionCard(report) +
    windowCard(report) +
    featureSection(report) +
    methodCard(report);
  return renderPage({
    kind: 'Drift',
    name: `${registeredName} version ${version}`,
    facts,
    createdAt,
    verdict: {
      word: outcome,
      tone: ({ ok: 'good', alert: 'bad', insufficient: 'wait' } as const)[outcome],
      sentence: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`,
      more: overall.rowCount === 0 ? [] : [`Over all windows: ${overall.sentence}.`],
      notes: [meaningOf(report.baseline)],
    },
    body: overall.rowCount === 0 ? '' : renderTiles(tilesOf(report)) + evidence,
  });
}

function meaningOf({ period }: DriftReport['baseline']): string {
  const days = period === null ? '' : ` (${formatDay(period.from)} to ${formatDay(period.to)})`;
  return `Drift says "unlike the test period"${days}; another season is enough for that. Whether it hurts, the error says.`;
}

/** The rule, and how far its p-values can be trusted. */
function methodCard({ policy, baseline, windows }: DriftReport): string {
  const { of, violating } = policy.alert;
  const rule = `A window drifts when p < ${policy.alpha} and PSI ≥ ${policy.minimumPsi} on its predictions: p of the two-sample chi-square test over cells of equally many test rows, PSI of shares (count + 0.5) / (n + cells / 2). Fewer than ${policy.minimumRows} rows are no verdict. An alert needs ${violating} drifting windows of the last ${of}, the newest among them.`;
  const texts = [rule, resemblanceOf(baseline, Math.max(0, ...windows.map(({ rows }) => rows)))];
  const content = texts.map((text) => (text === '' ? '' : `<p class="prose">${escapeHtml(text)}</p>`));
  return renderCard({ title: 'How this was decided', content: content.join('') });
}

/** That rows of a block resemble each other, where they do, and what that means for a window of so many rows. */
function resemblanceOf({ blocks }: DriftReport['baseline'], rows: number): string {
  if (blocks === null || blocks.designEffect === null || blocks.designEffect < 1.1) return '';
  const { column, count, designEffect } = blocks;
  return `Rows of one ${column} resemble each other: over the ${count} blocks of the test, shares vary ${formatFigure(designEffect)} times as much as those of independent rows would (design effect), so that a window of ${rows} rows tells about as much as ${Math.round(rows / designEffect)}. The p-values take rows for independent and are too sure by that; PSI is not concerned.`;
}

function tilesOf({ windows, overall, testRmse, liveRmse, labelled, outcome, ...rest }: DriftReport): Tile[] {
  const unit = rest.columns?.[rest.target]?.unit ?? rest.target;
  const full = windows.filter(({ verdict }) => verdict.outcome !== 'insufficient');
  const drifting = full.filter(({ verdict }) => verdict.outcome === 'drift').length;
  const since = windows.at(-1)?.alert.since ?? null;
  return [
    {
      label: 'Drifting windows',
      value: `${drifting} of ${full.length}`,
      note: since === null ? 'with enough rows for a verdict' : `alert since ${formatDay(since)}`,
      tone: outcome === 'alert' ? 'bad' : 'calm',
    },
    {
      label: 'Live RMSE',
      value: formatFigure(liveRmse),
      unit: liveRmse === null ? '' : unit,
      note:
        liveRmse === null || testRmse === null
          ? describeMissingLabels(rest.unmatchedLabels)
          : `${formatFigure(liveRmse / testRmse)} times the test's ${formatFigure(testRmse)}`,
    },
    {
      label: 'Expected RMSE',
      value: formatFigure(overall.expectedRmse),
      unit,
      note: 'if test errors held, without labels',
    },
    {
      label: 'Labels',
      value: formatShare(overall.rowCount === 0 ? 0 : labelled / overall.rowCount),
      note: `${formatCount(labelled)} of ${formatCount(overall.rowCount)} predictions`,
    },
  ];
}

function windowCard({ windows, target, columns }: DriftReport): string {
  const words = { ok: 'ok', drift: 'drift', insufficient: 'too few' } as const;
  const tones = { ok: 'calm', drift: 'bad', insufficient: 'wait' } as const;
  const rows = windows.map(({ from, to, rows: count, verdict, labelled, liveRmse, alert }) => [
    `${formatDay(from)} <span class="sub">${to === null ? 'and on' : `to ${formatShortDay(to)}`}</span>`,
    formatCount(count),
    formatFigure(verdict.prediction.psi),
    formatPValue(verdict.prediction.pValue),
    formatFigure(verdict.expectedRmse),
    formatFigure(liveRmse),
    formatShare(count === 0 ? 0 : labelled / count),
    `<span class="pill ${tones[verdict.outcome]}">${words[verdict.outcome]}</span>`,
    alert.firing ? '<span class="pill bad">alert</span>' : '',
  ]);
  const titles = ['rows', 'PSI', 'p', 'RMSE expected', 'RMSE live', 'labelled'];
  const unit = columns?.[target]?.unit ?? target;
  return renderCard({
    title: 'Windows',
    note: `errors in ${escapeHtml(unit)}; expected: what the test errors would give for these predictions, without labels`,
    content: renderTable(
      [
        { title: 'from', kind: 'text' },
        ...titles.map((title) => ({ title })),
        { title: 'verdict', kind: 'text' },
        { title: '', kind: 'text' },
      ],
      rows,
    ),
  });
}
