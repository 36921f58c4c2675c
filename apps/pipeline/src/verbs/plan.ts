import { planDeployment, type DeploymentPlan } from '@slipway/deployment';
import { exitCode } from '../exit-code.ts';
import { allModels, getFeatureTable, getModel } from '../load-configurations.ts';
import type { Verb } from '../verb.ts';

export const plan: Verb = {
  words: ['[model]'],
  options: [],
  help: 'Say what a deploy would do, and why, a line per model',
  example: 'plan bike-demand',
  run: async (command, { words }) => {
    const { output } = command;
    const known = await command.configurations();
    const models = words[0] === undefined ? allModels(known) : [getModel(known, words[0])];
    // Before anything is asked of a server: a table whose file is broken is not unknown.
    for (const { featureTable } of models) getFeatureTable(known, featureTable);
    const context = await command.deployment();
    const plans: DeploymentPlan[] = [];
    for (const model of models) plans.push(await planDeployment(context, model));
    for (const { model, action, reasons, information } of plans) {
      const color = { deploy: 'green', nothing: 'dim', held: 'yellow', waiting: 'yellow' } as const;
      output.line(
        `${model}: ${output.paint(color[action], action)}: ${[...reasons, ...information].join('; ')}`,
      );
    }
    output.document(words[0] === undefined ? plans : plans[0]);
    return exitCode.done;
  },
};
