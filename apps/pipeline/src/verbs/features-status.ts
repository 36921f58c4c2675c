import { readLoadProfile, readLoads, type FeatureTable, type LoadProfile } from '@slipway/features';
import type { CommandContext } from '../command-context.ts';
import { describeFreshness } from '../describe-freshness.ts';
import { describeProfile } from '../describe-profile.ts';
import { exitCode } from '../exit-code.ts';
import { allFeatureTables, getFeatureTable } from '../load-configurations.ts';
import { readTableState } from '../read-table-state.ts';
import { formatTable } from '../table.ts';
import type { Verb } from '../verb.ts';

export const featuresStatus: Verb = {
  refusesEmbedded: 'database',
  words: ['[table]'],
  options: [],
  help: 'Show rows, loads and newest event time of feature tables',
  example: 'features status bike_hours',
  run: async (command, { words }) => {
    const known = await command.configurations();
    const tables = words[0] === undefined ? allFeatureTables(known) : [getFeatureTable(known, words[0])];
    const database = await command.database();
    const states = [];
    for (const table of tables) states.push(await readTableState(database, table, command.now()));
    const rows = states.map(({ table, rows: count, watermark, newestEventTime, freshness }) => [
      table,
      String(count),
      String(watermark),
      newestEventTime === null ? '-' : new Date(newestEventTime / 1000).toISOString(),
      describeFreshness(freshness),
    ]);
    for (const text of formatTable([['feature table', 'rows', 'load', 'newest', 'fresh'], ...rows]))
      command.output.line(text);
    const [only] = tables;
    if (words[0] === undefined || only === undefined) command.output.document(states);
    else command.output.document([{ ...states[0], profile: await showProfile(command, only) }]);
    return exitCode.done;
  },
};

/** Prints what the newest load brought, beside the load before. */
async function showProfile(
  { output, database }: CommandContext,
  table: FeatureTable,
): Promise<LoadProfile | null> {
  const connected = await database();
  const { newest: load = 0 } = (await readLoads(connected, table.name)) ?? {};
  const profile = await readLoadProfile(connected, { table: table.name, load });
  if (profile === undefined) return null;
  const before = await readLoadProfile(connected, { table: table.name, load: load - 1 });
  output.line(
    `load ${load} brought ${profile.rows} rows${before === undefined ? '' : ` (load ${load - 1}: ${before.rows})`}`,
  );
  const names = Object.keys(table.columns);
  for (const text of describeProfile(profile, { names, before })) output.line(text);
  return profile;
}
