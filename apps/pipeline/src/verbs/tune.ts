import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import {
  tryChange,
  tuneModel,
  type ModelDefinition,
  type SearchStrategy,
  type TuneOutcome,
} from '@slipway/deployment';
import { describeTuning, fittedTrials } from '@slipway/evaluation';
import type { Trial } from '@slipway/training';
import { abortOnSignal } from '../abort-on-signal.ts';
import type { CommandContext } from '../command-context.ts';
import type { CommandLine } from '../command-line.ts';
import { configurationSnippet } from '../configuration-snippet.ts';
import { errorExitCodes, exitCode, type ExitCode } from '../exit-code.ts';
import { getFeatureTable, getModel } from '../load-configurations.ts';
import { mlflowRunPage } from '../mlflow-page.ts';
import { parseCount } from '../parse-count.ts';
import { parseOverrides } from '../parse-overrides.ts';
import { readSearchSpace } from '../read-search-space.ts';
import { saveReport } from '../save-report.ts';
import { createTrialLines } from '../trial-lines.ts';
import type { Verb } from '../verb.ts';

const strategies: readonly SearchStrategy[] = ['random', 'grid', 'halving'];

export const tune: Verb = {
  keepsWork: true,
  words: ['<model>'],
  options: ['trials', 'space', 'strategy', 'folds', 'seed'],
  help: 'Look for a better configuration by cross-validation',
  more:
    'On the training set of the newest deployment that fits it. The test set is not read, and nothing ' +
    'is deployed.',
  example: 'tune bike-demand --trials 20',
  run: async (command, line) => {
    const trials = parseCount(line.option('trials'), '--trials');
    if (trials !== undefined && trials < 2)
      throw new SlipwayError('usage', { what: '--trials was not understood', expected: 'at least 2' });
    const strategy = parseStrategy(line.option('strategy'));
    if (strategy === 'grid' && trials !== undefined)
      throw new SlipwayError('usage', {
        what: '"--strategy grid" makes every combination and does not take --trials',
        next: 'Leave out --trials, or list fewer values in the space',
      });
    const seed = parseCount(line.option('seed'), '--seed');
    const file = line.option('space');
    const space = file === undefined ? undefined : await readSearchSpace(resolve(command.folder, file));
    return search(command, line, async (model, shared) =>
      tuneModel(await command.deployment(), model, { ...shared, trials, seed, strategy, space }),
    );
  },
};

export const tryOne: Verb = {
  keepsWork: true,
  words: ['<model>'],
  options: ['set', 'folds'],
  help: 'Score one change beside the configuration as it is',
  more: 'By cross-validation, as tune does; features and split may be changed too.',
  example: 'try bike-demand --set estimator.params.maxDepth=12',
  run: (command, line) => {
    const overrides = parseOverrides(line.option('set'));
    return search(command, line, async (model, shared) =>
      tryChange(await command.deployment(), model, { ...shared, overrides }),
    );
  },
};

interface SharedOptions {
  readonly folds: number | undefined;
  readonly signal: AbortSignal;
  readonly onTrial: (trial: Trial, total: number) => void;
}

async function search(
  command: CommandContext,
  line: CommandLine,
  work: (model: ModelDefinition, shared: SharedOptions) => Promise<TuneOutcome>,
): Promise<ExitCode> {
  const { output } = command;
  const folds = parseCount(line.option('folds'), '--folds');
  const known = await command.configurations();
  const model = getModel(known, line.words[0] ?? '');
  getFeatureTable(known, model.featureTable);
  output.line(`${line.verb} ${model.name}`);
  const onTrial = createTrialLines(output, { metric: model.gate.metric, now: command.now });
  const outcome = await abortOnSignal((signal) => work(model, { folds, signal, onTrial }));
  await printOutcome(command, outcome);
  return fittedTrials(outcome.trials).length > 0 ? exitCode.done : exitCodeOf(outcome.trials);
}

/** Of the first trial that failed, as if it had been trained alone. */
function exitCodeOf(trials: readonly Trial[]): ExitCode {
  const failure = trials.find((trial) => trial.failure !== undefined)?.failure;
  return failure === undefined ? exitCode.done : errorExitCodes[failure.code];
}

async function printOutcome(command: CommandContext, outcome: TuneOutcome): Promise<void> {
  const { output } = command;
  const { improved, best, bestConfiguration, trainDigest, folds, unrecorded } = outcome;
  output.line(`  ${output.paint(improved ? 'green' : 'yellow', describeTuning(outcome))}`);
  output.line(`  by ${folds} folds of training set ${trainDigest.slice(0, 12)}; the test set was not read`);
  if (improved) {
    output.line(
      `  to let the gate decide, put this into the configuration of ${outcome.model} and deploy it:`,
    );
    for (const text of configurationSnippet(bestConfiguration, best.overrides)) output.line(`    ${text}`);
  }
  if (unrecorded !== null)
    output.line(`  ${output.paint('yellow', 'warning')}: the registry lacks the result: ${unrecorded}`);
  const report = await saveReport(command, `${outcome.model}-${outcome.runId}-tuning.html`, outcome.report);
  if (report !== null) output.line(`  report: ${report}`);
  const page = mlflowRunPage(command.environment, outcome);
  if (page !== undefined) output.line(`  in MLflow: ${page}`);
  output.document({ ...outcome, report });
}

function parseStrategy(text: string | undefined): SearchStrategy | undefined {
  const strategy = strategies.find((known) => known === text);
  if (text === undefined || strategy !== undefined) return strategy;
  throw new SlipwayError('usage', {
    what: '--strategy was not understood',
    expected: strategies.join(', '),
    received: JSON.stringify(text),
  });
}
