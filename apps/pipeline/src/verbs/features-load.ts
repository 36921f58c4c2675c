import { SlipwayError } from '@slipway/contracts';
import { exitCode } from '../exit-code.ts';
import { loadFile } from '../load-file.ts';
import type { Verb } from '../verb.ts';

export const featuresLoad: Verb = {
  keepsWork: true,
  refusesEmbedded: 'database',
  words: ['<table>'],
  options: ['file', 'from', 'to'],
  help: 'Load a CSV or .parquet file, whole or not at all',
  more:
    'A row that breaks a constraint refuses the file, with a report of what is wrong. --from and --to ' +
    'limit the event time.',
  example: 'features load diamonds --file apps/pipeline/data/diamonds.csv',
  run: async (command, line) => {
    const file = line.option('file');
    if (file === undefined)
      throw new SlipwayError('usage', {
        what: 'No file to load',
        next: 'Add --file <path of a CSV or .parquet file>',
      });
    const window = { from: line.option('from'), to: line.option('to') };
    const result = await loadFile(command, { table: line.words[0] ?? '', file, ...window });
    command.output.document(result);
    return exitCode.done;
  },
};
