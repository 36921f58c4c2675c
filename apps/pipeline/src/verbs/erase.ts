import { eraseEntityData } from '@slipway/deployment';
import { eraseRecords } from '@slipway/serving';
import { describeKey } from '../describe-key.ts';
import { exitCode } from '../exit-code.ts';
import { getFeatureTable } from '../load-configurations.ts';
import { parseKey } from '../parse-key.ts';
import { requireReason } from '../require-reason.ts';
import type { Verb } from '../verb.ts';

export const erase: Verb = {
  goesOn: true,
  refusesEmbedded: 'database',
  words: ['<table>'],
  options: ['key', 'reason', 'apply'],
  help: 'Erase a person or thing for good, by entity key',
  more:
    'Rows of the feature table, datasets that hold it, predictions and labels. Shows what it would ' +
    'erase without --apply.',
  example: 'erase diamonds --key stone=7 --reason "asked by letter"',
  run: async (command, line) => {
    const table = getFeatureTable(await command.configurations(), line.words[0] ?? '');
    const [key, reason, apply] = [
      parseKey(table, line.option('key')),
      requireReason(line),
      line.flag('apply'),
    ];
    const context = await command.deployment();
    const data = await eraseEntityData(context, table, { key, reason, apply });
    const records = await eraseRecords(context.database, { models: data.models, key, apply });
    const erased = { applied: apply, ...data, ...records };
    const { output } = command;
    const isThere = data.featureRows + data.datasets.length + records.predictions + records.labels > 0;
    const done = apply ? 'erased' : 'would erase';
    output.line(`erase from ${table.name}: ${isThere ? done : 'nothing is there under this key'}`);
    // Only before the act: afterwards nothing says who it was.
    if (!apply) output.line(`  key           ${describeKey(table, key)}`);
    output.line(`  feature rows  ${data.featureRows}, earlier versions included`);
    output.line(`  datasets      ${data.datasets.join(', ') || 'none'}`);
    output.line(
      `  predictions   ${records.predictions} in the log of ${data.models.join(', ') || 'no model'}`,
    );
    output.line(`  labels        ${records.labels}`);
    output.line(
      '  not reached   tables of "slipway predict", exported files, backups, the source of the rows, and more:',
    );
    output.line('                see "Erasing a person" in docs/operations.md');
    if (!apply && isThere) output.line('  --apply does it; nothing brings it back but a backup');
    output.document(erased);
    return exitCode.done;
  },
};
