import {
  escapeHtml,
  renderBarList,
  renderCard,
  renderPage,
  renderSection,
  renderTable,
  renderTiles,
} from '@slipway/report';
import { formatNumber } from '../format-number.ts';
import { regressionMetrics, type RegressionMetric } from '../metric.ts';

/** A configuration that was scored by cross-validation. */
export interface ReportedTrial {
  /** 0 is the starting configuration. */
  readonly number: number;
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Of the rows of each fold that it was fitted on. */
  readonly share: number;
  /** False where it was scored on other folds than the start. */
  readonly keepsSplit: boolean;
  readonly result: {
    /** One per fold. */
    readonly scores: readonly number[];
    readonly mean: number;
    readonly deviation: number;
  } | null;
  readonly failure?: { readonly message: string };
}

export interface TuningReport {
  readonly model: string;
  readonly runId: string;
  readonly metric: RegressionMetric;
  readonly folds: number;
  readonly trials: readonly ReportedTrial[];
  readonly start: ReportedTrial;
  readonly best: ReportedTrial;
  readonly improved: boolean;
  /** Microseconds since 1970-01-01 UTC; left out, it carries no date. */
  readonly createdAt?: number;
}

/** One self-contained HTML page, the same bytes for the same input: what was found, a bar for each trial, what each changed. */
export function renderTuningReport(report: TuningReport): string {
  const { model, runId, metric, folds, trials, start, best, improved, createdAt } = report;
  return renderPage({
    kind: 'Tuning',
    name: model,
    facts: [`${trials.length} trials`, `${folds} folds of the training set`, `run ${runId}`],
    createdAt,
    verdict: {
      word: improved ? 'improved' : 'no better one',
      tone: improved ? 'good' : 'wait',
      sentence: describeTuning(report),
      more: [],
      notes: ['Scored by cross-validation on training rows; the test set was not read, and can still judge.'],
    },
    body:
      renderTiles([
        { label: `Start, ${metric}`, value: scoreOf(start) },
        {
          label: `Best, ${metric}`,
          value: scoreOf(best),
          note: nameTrial(best),
          tone: improved ? 'good' : 'calm',
        },
      ]) +
      renderCard({ title: `Mean ${metric} of each trial`, note: noteOf(metric), content: bars(report) }) +
      renderSection('Trials', '', table(report)),
  });
}

/** The trials that changed something and could be fitted. */
export function fittedTrials<T extends Pick<ReportedTrial, 'number' | 'result'>>(trials: readonly T[]): T[] {
  return trials.filter(({ number, result }) => number !== 0 && result !== null);
}

/** What a search found, in one sentence. */
export function describeTuning({
  metric,
  trials,
  start,
  best,
  improved,
}: Pick<TuningReport, 'metric' | 'trials' | 'start' | 'best' | 'improved'>): string {
  if (improved)
    return `trial ${best.number} improves ${metric} from ${scoreOf(start)} ${describeGain(best, start)}, in ${foldsWon(metric, best, start)}`;
  const others = fittedTrials(trials);
  if (others.length === 0)
    return `no trial could be fitted; the starting configuration has ${metric} ${scoreOf(start)}`;
  if (others.some(({ keepsSplit }) => keepsSplit))
    return `no trial is better than the starting configuration with its ${metric} of ${scoreOf(start)}`;
  return `${metric} is ${scoreOf(start)} with the split as it is; under another it says what the split does, not which model is better`;
}

/** Where the best comes to, or by how little it differs where both scores are written alike. */
function describeGain(best: ReportedTrial, start: ReportedTrial): string {
  if (scoreOf(best) !== scoreOf(start)) return `to ${scoreOf(best)}`;
  return `by ${formatNumber(Math.abs(best.result!.mean - start.result!.mean))} only`;
}

/** A mean that one fold alone made better is a weak one. */
function foldsWon(metric: RegressionMetric, best: ReportedTrial, start: ReportedTrial): string {
  const sign = regressionMetrics[metric].direction === 'minimize' ? 1 : -1;
  const scores = best.result?.scores ?? [];
  const won = scores.filter((score, fold) => sign * score < sign * start.result!.scores[fold]!).length;
  return `${won} of ${scores.length} folds`;
}

function noteOf(metric: RegressionMetric): string {
  const better = regressionMetrics[metric].direction === 'minimize' ? 'shorter' : 'longer';
  return `the ${better} the better; the dashed line is the start`;
}

function bars({ metric, trials, start }: TuningReport): string {
  const longest = Math.max(...trials.map(({ result }) => Math.abs(result?.mean ?? 0)), Number.MIN_VALUE);
  const lengthOf = ({ result }: ReportedTrial): number => Math.max(0, result?.mean ?? 0) / longest;
  return renderBarList(
    trials.map((trial) => ({
      name: nameOf(trial),
      bars: [{ color: trial.number === 0 ? 'orange' : 'blue', length: lengthOf(trial) }],
      text: scoreOf(trial),
      isPale: trial.share < 1,
    })),
    { label: `Mean ${metric} of each trial`, guide: lengthOf(start) },
  );
}

function table({ metric, trials }: TuningReport): string {
  const rows = trials.map((trial) => [
    escapeHtml(nameOf(trial)),
    scoreOf(trial),
    trial.result === null ? '' : formatNumber(trial.result.deviation),
    escapeHtml([describeOverrides(trial.overrides), trial.failure?.message].filter(Boolean).join(': ')),
  ]);
  return renderTable(
    [
      { title: 'Trial', kind: 'text' },
      { title: metric },
      { title: 'between folds' },
      { title: 'What it changes', kind: 'text' },
    ],
    rows,
  );
}

function nameOf(trial: ReportedTrial): string {
  const { share } = trial;
  return share < 1 ? `${nameTrial(trial)}, ${Math.round(share * 100)} % of the rows` : nameTrial(trial);
}

/** What people call a trial. */
export function nameTrial({ number }: Pick<ReportedTrial, 'number'>): string {
  return number === 0 ? 'start' : `trial ${number}`;
}

function scoreOf({ result }: ReportedTrial): string {
  return result === null ? 'failed' : formatNumber(result.mean);
}

/** What a trial changes, each path as short as tells it apart from the others. */
export function describeOverrides(overrides: ReportedTrial['overrides']): string {
  const paths = Object.keys(overrides);
  return Object.entries(overrides)
    .map(([path, value]) => describeValue(shortest(path, paths), value))
    .join(', ');
}

function shortest(path: string, all: readonly string[]): string {
  const keys = path.split('.');
  const endings = keys.map((_, place) => keys.slice(keys.length - 1 - place).join('.'));
  const isOwn = (ending: string): boolean =>
    all.filter((other) => other === ending || other.endsWith(`.${ending}`)).length === 1;
  return endings.find(isOwn) ?? path;
}

/** Null leaves a value out. */
function describeValue(name: string, value: unknown): string {
  if (value === null) return `no ${name}`;
  return `${name} ${typeof value === 'number' ? formatNumber(value) : JSON.stringify(value)}`;
}
