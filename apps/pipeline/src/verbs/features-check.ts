import { resolve } from 'node:path';
import { checkFeatureBatch, checkFeatureTable, type FeatureTable } from '@slipway/features';
import type { CommandContext } from '../command-context.ts';
import { describeFreshness } from '../describe-freshness.ts';
import { describeViolations } from '../describe-violations.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { featureFileSource } from '../feature-file-source.ts';
import { getFeatureTable } from '../load-configurations.ts';
import type { WindowWords } from '../parse-event-window.ts';
import { readTableState } from '../read-table-state.ts';
import { sayWaiting } from '../say-waiting.ts';
import type { Verb } from '../verb.ts';

export const featuresCheck: Verb = {
  refusesEmbedded: 'database',
  words: ['<table>'],
  options: ['file', 'from', 'to'],
  help: 'Say what a load would do, or whether the stored table is well',
  more:
    'With --file what a load of it would do, and nothing is loaded; without, whether the stored table ' +
    'keeps its constraints and is fresh.',
  example: 'features check diamonds --file apps/pipeline/data/diamonds.csv',
  run: async (command, line) => {
    const table = getFeatureTable(await command.configurations(), line.words[0] ?? '');
    const file = line.option('file');
    const window = { from: line.option('from'), to: line.option('to') };
    return file === undefined ? checkStored(command, table) : checkFile(command, table, { file, ...window });
  },
};

async function checkFile(
  { output, folder, holder, database }: CommandContext,
  table: FeatureTable,
  { file, ...words }: { readonly file: string } & WindowWords,
): Promise<ExitCode> {
  const source = featureFileSource(table, { path: resolve(folder, file), ...words });
  const onWait = sayWaiting(output, table);
  const check = await checkFeatureBatch(await database(), table, source, { holder, onWait });
  const { rows, violations, changes } = check;
  for (const text of describeViolations(violations)) output.line(text);
  const said =
    violations.length > 0
      ? `${rows} rows would be refused whole`
      : changes === null
        ? `${rows} rows would be accepted; the definition changed, and a load would change the table first`
        : `${changes.inserted} new rows, ${changes.updated} corrected, ${changes.unchanged} unchanged`;
  output.line(`features check ${table.name}: ${said}; nothing was loaded`);
  output.document(check);
  return violations.length > 0 ? exitCode.data : exitCode.done;
}

async function checkStored(command: CommandContext, table: FeatureTable): Promise<ExitCode> {
  const { output } = command;
  const database = await command.database();
  const problems = await checkFeatureTable(database, table);
  const { freshness } = await readTableState(database, table, command.now());
  const stale = freshness.isStale ? [describeFreshness(freshness)] : [];
  const found = [...problems, ...stale];
  output.line(
    `features check ${table.name}: ${found.length === 0 ? 'all is well' : `${found.length} problems`}`,
  );
  for (const problem of found) output.line(`  ${problem}`);
  output.document({ table: table.name, problems: found, freshness });
  return found.length === 0 ? exitCode.done : exitCode.data;
}
