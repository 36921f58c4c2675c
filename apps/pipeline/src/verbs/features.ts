import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import type { Database } from '@slipway/database';
import {
  checkFeatureBatch,
  checkFeatureTable,
  featureTableStatus,
  judgeFreshness,
  loadFeatureTable,
  readLoadProfile,
  readLoads,
  type FeatureTable,
  type FeatureTableStatus,
  type Freshness,
  type LoadProfile,
  type LoadResult,
} from '@slipway/features';
import type { CommandContext } from '../command-context.ts';
import { describeProfile } from '../describe-profile.ts';
import { describeViolations } from '../describe-violations.ts';
import { exitCode, type ExitCode } from '../exit-code.ts';
import { featureFileSource } from '../feature-file-source.ts';
import { allFeatureTables, getFeatureTable } from '../load-configurations.ts';
import { formatTable } from '../table.ts';
import type { Verb } from '../verb.ts';

export const featuresLoad: Verb = {
  keepsWork: true,
  refusesEmbedded: 'database',
  words: ['<table>'],
  options: ['file', 'from', 'to'],
  help: 'Load a CSV or .parquet file (--file) into a feature table, whole or not at all; --from and --to limit the event time',
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

export const featuresCheck: Verb = {
  refusesEmbedded: 'database',
  words: ['<table>'],
  options: ['file', 'from', 'to'],
  help: 'Say what a load of a file (--file) would do, and load nothing; without one, whether the stored table keeps its constraints and is fresh',
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
  { file, ...window }: { file: string; from: string | undefined; to: string | undefined },
): Promise<ExitCode> {
  const source = featureFileSource(table, { path: resolve(folder, file), ...window });
  const check = await checkFeatureBatch(await database(), table, source, { holder });
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
  const { freshness } = await stateOf(database, table, command.now());
  const stale = freshness.isStale ? [describeFreshness(freshness)] : [];
  const found = [...problems, ...stale];
  output.line(
    `features check ${table.name}: ${found.length === 0 ? 'all is well' : `${found.length} problems`}`,
  );
  for (const problem of found) output.line(`  ${problem}`);
  output.document({ table: table.name, problems: found, freshness });
  return found.length === 0 ? exitCode.done : exitCode.data;
}

export const featuresStatus: Verb = {
  refusesEmbedded: 'database',
  words: ['[table]'],
  options: [],
  help: 'Show rows, loads and newest event time of the feature tables',
  example: 'features status bike_hours',
  run: async (command, { words }) => {
    const known = await command.configurations();
    const tables = words[0] === undefined ? allFeatureTables(known) : [getFeatureTable(known, words[0])];
    const database = await command.database();
    const states = [];
    for (const table of tables) states.push(await stateOf(database, table, command.now()));
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
  for (const text of describeProfile(profile, before)) output.line(text);
  return profile;
}

interface TableState extends FeatureTableStatus {
  readonly table: string;
  readonly freshness: Freshness;
}

async function stateOf(database: Database, table: FeatureTable, now: number): Promise<TableState> {
  const status = await featureTableStatus(database, table);
  return { table: table.name, ...status, freshness: judgeFreshness(table, status, now) };
}

function describeFreshness({ ageHours, limitHours, isStale }: Freshness): string {
  if (ageHours === null || limitHours === null) return '-';
  return isStale ? `stale: ${ageHours.toFixed(1)} h, limit ${limitHours} h` : 'yes';
}

/** Loads a file into a feature table and prints what happened. */
export async function loadFile(
  command: CommandContext,
  {
    table: name,
    file,
    from,
    to,
  }: { table: string; file: string; from?: string | undefined; to?: string | undefined },
): Promise<LoadResult> {
  const { output, folder, now, holder } = command;
  const table = getFeatureTable(await command.configurations(), name);
  const database = await command.database();
  const source = featureFileSource(table, { path: resolve(folder, file), from, to });
  const result = await loadFeatureTable(database, table, source, { holder, now });
  output.line(describeLoad(name, result));
  return result;
}

function describeLoad(name: string, result: LoadResult): string {
  if (result.outcome === 'unchanged')
    return `features load ${name}: nothing new, still at load ${result.load}`;
  const { load, inserted, updated, unchanged } = result;
  return `features load ${name}: load ${load}, ${inserted} new rows, ${updated} corrected, ${unchanged} unchanged`;
}
