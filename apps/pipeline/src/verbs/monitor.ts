import { monitorModel, type ModelDefinition, type MonitorOutcome } from '@slipway/deployment';
import { describeMissingLabels, renderDriftReport } from '@slipway/drift';
import { registeredName } from '@slipway/registry-client';
import { formatPValue } from '@slipway/report';
import { countLabels, labelledPredictionRelation, predictionRelation } from '@slipway/serving';
import type { CommandContext } from '../command-context.ts';
import { exitCode } from '../exit-code.ts';
import { allModels, getFeatureTable, getModel } from '../load-configurations.ts';
import { saveReport } from '../save-report.ts';
import { formatNumber, formatTable } from '../table.ts';
import type { Verb } from '../verb.ts';

export const monitor: Verb = {
  words: ['[model]'],
  options: [],
  help: 'Compare live predictions and errors with those of the test',
  more: 'Of the version that serves: its predictions by drift, and, where labels are loaded, its error.',
  example: 'monitor bike-demand',
  run: async (command, { words }) => {
    const known = await command.configurations();
    const models = words[0] === undefined ? allModels(known) : [getModel(known, words[0])];
    const outcomes = [];
    for (const model of models) outcomes.push(await monitorOne(command, model));
    command.output.document(words[0] === undefined ? outcomes : outcomes[0]);
    return outcomes.some(({ outcome }) => outcome === 'alert') ? exitCode.alert : exitCode.done;
  },
};

type Monitored = Omit<MonitorOutcome, 'baseline' | 'state'> & { readonly report: string | null };

/** Monitors one model: prints the windows, saves the drift report. */
export async function monitorOne(command: CommandContext, model: ModelDefinition): Promise<Monitored> {
  const { output } = command;
  const name = registeredName(model.name, command.environment.environment);
  const { baseline, state, ...outcome } = await monitorModel(await command.deployment(), model, {
    predictions: (version, signature) => predictionRelation({ model: name, version, signature }),
    labelled: (version, signature) => labelledPredictionRelation({ model: name, version, signature }),
    countLabels: async () => countLabels(await command.database(), name),
  });
  const { columns } = getFeatureTable(await command.configurations(), model.featureTable);
  const html = renderDriftReport({
    ...outcome,
    baseline,
    state,
    policy: model.monitoring,
    target: model.target,
    columns,
    createdAt: command.now() * 1000,
  });
  const report = await saveReport(command, `${name}-version-${outcome.version}-drift.html`, html);
  output.line(`monitor ${outcome.registeredName} version ${outcome.version}: ${outcome.rows} predictions`);
  if (outcome.rows > 0) for (const text of windowTable(outcome)) output.line(text);
  const colors = { ok: 'green', alert: 'red', insufficient: 'yellow' } as const;
  output.line(`  ${output.paint(colors[outcome.outcome], outcome.outcome)}: ${outcome.reason}`);
  const { violating, of } = model.monitoring.alert;
  output.line(`  an alert needs ${violating} drifting windows of ${of}, the newest among them`);
  if (outcome.rows > 0) output.line(`  over all windows: ${outcome.overall.sentence}`);
  output.line(`  ${errorSentence(outcome, columns[model.target]?.unit ?? model.target)}`);
  if (report !== null) output.line(`  report: ${report}`);
  return { ...outcome, report };
}

function windowTable({ windows }: Pick<MonitorOutcome, 'windows'>): string[] {
  const rows = windows.map(({ from, rows: count, verdict, liveRmse }) => [
    new Date(from / 1000).toISOString().slice(0, 10),
    String(count),
    formatNumber(verdict.prediction.psi),
    formatPValue(verdict.prediction.pValue),
    formatNumber(liveRmse),
    verdict.outcome,
  ]);
  return formatTable([['from', 'rows', 'PSI', 'p', 'live RMSE', 'verdict'], ...rows]);
}

function errorSentence(
  {
    testRmse,
    liveRmse,
    labelled,
    unmatchedLabels,
    rows,
  }: Pick<MonitorOutcome, 'testRmse' | 'liveRmse' | 'labelled' | 'unmatchedLabels' | 'rows'>,
  unit: string,
): string {
  if (liveRmse === null || testRmse === null) {
    const next =
      unmatchedLabels === 0
        ? '"slipway labels load" takes them'
        : 'they join by "entity_key" and "event_time" in the "params" of a request';
    return `live error unknown: ${describeMissingLabels(unmatchedLabels)}; ${next}`;
  }
  const ratio = formatNumber(liveRmse / testRmse);
  return `live RMSE ${formatNumber(liveRmse)} ${unit} on ${labelled} of ${rows} rows, test RMSE ${formatNumber(testRmse)}: ${ratio} times`;
}
