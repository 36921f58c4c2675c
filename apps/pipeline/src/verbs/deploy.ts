import { SlipwayError } from '@slipway/contracts';
import {
  deployModel,
  retrainModel,
  type DeployOptions,
  type DeployOutcome,
  type ModelDefinition,
} from '@slipway/deployment';
import type { CommandContext } from '../command-context.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { allModels, getFeatureTable, getModel } from '../load-configurations.ts';
import { saveReport } from '../save-report.ts';
import type { Verb } from '../verb.ts';

export const deploy: Verb = {
  keepsWork: true,
  goesOn: true,
  words: ['[model]'],
  options: ['datasets-of'],
  help: 'Deploy what the configuration says, if it is new',
  more:
    'Features, datasets, train, evaluate, gate, register, promote. Data stays at the load of the last ' +
    'decided deployment; --datasets-of takes exactly the data of a version.',
  example: 'deploy bike-demand',
  run: (command, { words, option }) => {
    const datasetsOf = option('datasets-of');
    if (datasetsOf !== undefined && words[0] === undefined)
      throw new SlipwayError('usage', {
        what: '--datasets-of names a version of one model',
        next: 'Name the model as well: slipway deploy <model> --datasets-of <version>',
      });
    return forModels(command, words[0], (model) => deployOne(command, model, { datasetsOf }));
  },
};

export const retrain: Verb = {
  keepsWork: true,
  goesOn: true,
  words: ['[model]'],
  options: [],
  help: 'Train the same configuration on the newest data, same gate',
  example: 'retrain bike-demand',
  run: (command, { words }) => forModels(command, words[0], (model) => retrainOne(command, model)),
};

/** Deploys one model, prints the outcome, saves the report. */
export async function deployOne(
  command: CommandContext,
  model: ModelDefinition,
  options: DeployOptions = {},
): Promise<DeployOutcome & SavedReport> {
  command.output.line(`deploy ${model.name}`);
  return printOutcome(command, await deployModel(await command.deployment(), model, options));
}

/** Retrains one model, prints the outcome, saves the report. */
export async function retrainOne(
  command: CommandContext,
  model: ModelDefinition,
): Promise<DeployOutcome & SavedReport> {
  command.output.line(`retrain ${model.name}`);
  return printOutcome(command, await retrainModel(await command.deployment(), model));
}

interface SavedReport {
  /** Path of the saved evaluation report, or null. */
  readonly report: string | null;
}

async function printOutcome(
  command: CommandContext,
  outcome: DeployOutcome,
): Promise<DeployOutcome & SavedReport> {
  const { output } = command;
  const report =
    outcome.report === null
      ? null
      : await saveReport(command, `${outcome.model}-${outcome.runId ?? ''}-evaluation.html`, outcome.report);
  const colors = {
    promoted: 'green',
    kept: 'yellow',
    nothing: 'dim',
    held: 'yellow',
    waiting: 'yellow',
  } as const;
  output.line(`  ${output.paint(colors[outcome.outcome], describeOutcome(outcome))}`);
  for (const reason of outcome.reasons) output.line(`  because: ${reason}`);
  for (const line of outcome.information) output.line(`  note: ${line}`);
  if (outcome.outcome === 'kept') {
    output.line(
      `  to let it serve anyway: slipway promote ${outcome.model} --run ${outcome.runId ?? ''} --reason <why>`,
    );
  }
  if (report !== null) output.line(`  report: ${report}`);
  return { ...outcome, report };
}

function describeOutcome({ outcome, version, registeredName }: DeployOutcome): string {
  if (outcome === 'promoted') return `version ${version ?? ''} of ${registeredName} serves as production`;
  if (outcome === 'kept') return 'the gate kept production as it is';
  if (outcome === 'held') return 'held: these inputs were decided against and have not changed';
  if (outcome === 'waiting') return 'waiting for data';
  return 'nothing to do';
}

async function forModels(
  { configurations, output }: CommandContext,
  name: string | undefined,
  work: (model: ModelDefinition) => Promise<DeployOutcome>,
): Promise<ExitCode> {
  const known = await configurations();
  const models = name === undefined ? allModels(known) : [getModel(known, name)];
  for (const { featureTable } of models) getFeatureTable(known, featureTable);
  const outcomes: DeployOutcome[] = [];
  for (const model of models) outcomes.push(await work(model));
  output.document(name === undefined ? outcomes : outcomes[0]);
  const refused = outcomes.some(({ verb, outcome }) => verb === 'deploy' && outcome === 'kept');
  if (refused) return exitCode.rejected;
  const isWaiting = name !== undefined && outcomes.some(({ outcome }) => outcome === 'waiting');
  return isWaiting ? exitCode.data : exitCode.done;
}
