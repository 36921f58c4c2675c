import { SlipwayError } from '@slipway/contracts';
import { scoreFeatureTable } from '@slipway/deployment';
import { exitCode } from '../exit-code.ts';
import { getFeatureTable, getModel } from '../load-configurations.ts';
import { parseEventWindow } from '../parse-event-window.ts';
import { parseVersionName } from '../parse-version-name.ts';
import type { Verb } from '../verb.ts';

export const predict: Verb = {
  words: ['<model>@<alias>'],
  options: ['from', 'to', 'into'],
  help: 'Predict rows of the feature table into a table',
  more: 'Rows with an event time from --from on, before --to. An alias or a version number names the model.',
  example: 'predict bike-demand@production --from 2011-07-01 --to 2011-08-01 --into july_forecast',
  run: async (command, line) => {
    const { model: name, selector } = parseVersionName(line.words[0]);
    const known = await command.configurations();
    const model = getModel(known, name);
    const table = getFeatureTable(known, model.featureTable);
    const where = parseEventWindow(table, { from: line.option('from'), to: line.option('to') });
    const into = parseTableName(line.option('into') ?? `${model.name.replaceAll('-', '_')}_forecast`);
    const { output } = command;
    const scored = await scoreFeatureTable(await command.deployment(), {
      model: model.name,
      selector,
      table,
      where,
      into,
      onProgress: (rows) => output.progress(`  ${rows} rows`),
    });
    const { registeredName, version, watermark, rows, replaced } = scored;
    output.line(
      `${rows} rows of ${table.name} at load ${watermark} predicted by ${registeredName} version ${version}: table ${into.schema}.${into.table}`,
    );
    if (replaced > 0) output.line(`  ${replaced} earlier predictions of that version were replaced`);
    output.document(scored);
    return exitCode.done;
  },
};

function parseTableName(text: string): { schema: string; table: string } {
  const [first = '', second, ...rest] = text.split('.');
  if (rest.length > 0) {
    throw new SlipwayError('usage', {
      what: '--into was not understood',
      expected: 'a table or schema.table',
    });
  }
  return second === undefined ? { schema: 'public', table: first } : { schema: first, table: second };
}
