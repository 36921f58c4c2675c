import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import type { ModelDefinition } from '@slipway/deployment';
import { readFeatureFile } from '@slipway/features';
import { registeredName } from '@slipway/registry-client';
import { loadLabels } from '@slipway/serving';
import type { CommandContext } from '../command-context.ts';
import { exitCode } from '../exit-code.ts';
import { getFeatureTable, getModel } from '../load-configurations.ts';
import { parseEventWindow } from '../parse-event-window.ts';
import type { Verb } from '../verb.ts';

export const labelsLoad: Verb = {
  keepsWork: true,
  refusesEmbedded: 'database',
  words: ['<model>'],
  options: ['file', 'from', 'to'],
  help: 'Load observed targets from a CSV file',
  more: 'Of the columns of the feature table; they join predictions by entity key and event time.',
  example: 'labels load bike-demand --file apps/pipeline/data/bike-hours.csv --from 2011-07-01',
  run: async (command, line) => {
    const file = line.option('file');
    if (file === undefined)
      throw new SlipwayError('usage', { what: 'No file to load', next: 'Add --file <path of a CSV file>' });
    const model = getModel(await command.configurations(), line.words[0] ?? '');
    const count = await loadLabelFile(command, model, {
      file,
      from: line.option('from'),
      to: line.option('to'),
    });
    command.output.document({ model: model.name, labels: count });
    return exitCode.done;
  },
};

/** Loads the target column of a file as labels. Returns how many were new. */
export async function loadLabelFile(
  command: CommandContext,
  model: ModelDefinition,
  { file, from, to }: { file: string; from?: string | undefined; to?: string | undefined },
): Promise<number> {
  const table = getFeatureTable(await command.configurations(), model.featureTable);
  if (table.eventTime === undefined) {
    throw new SlipwayError('usage', {
      what: `Labels of ${model.name} need an event time to be joined by`,
      received: `${table.name} without one`,
    });
  }
  const path = resolve(command.folder, file);
  const where = { column: table.eventTime, ...parseEventWindow(table, { from, to }) };
  const batch = await readFeatureFile(table, { path, where });
  const inserted = await loadLabels(await command.database(), {
    model: registeredName(model.name, command.environment.environment),
    entityKey: table.entityKey,
    eventTime: table.eventTime,
    target: model.target,
    batch,
    observedAt: command.now() * 1000,
  });
  command.output.line(`labels load ${model.name}: ${inserted} labels`);
  return inserted;
}
