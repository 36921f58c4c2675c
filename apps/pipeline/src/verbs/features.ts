import { resolve } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import {
  ensureFeatureTable,
  featureTableStatus,
  loadFeatureTable,
  type LoadResult,
  type Violation,
} from '@slipway/features';
import type { CommandContext } from '../command-context.ts';
import { exitCode } from '../exit-code.ts';
import { allFeatureTables, getFeatureTable } from '../load-configurations.ts';
import { formatTable } from '../table.ts';
import { parseTime } from '../parse-time.ts';
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
    for (const table of tables)
      states.push({ table: table.name, ...(await featureTableStatus(database, table)) });
    const rows = states.map(({ table, rows: count, watermark, newestEventTime }) => [
      table,
      String(count),
      String(watermark),
      newestEventTime === null ? '-' : new Date(newestEventTime / 1000).toISOString(),
    ]);
    for (const text of formatTable([['feature table', 'rows', 'load', 'newest'], ...rows]))
      command.output.line(text);
    command.output.document(states);
    return exitCode.done;
  },
};

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
  await ensureFeatureTable(database, table);
  const column = table.eventTime;
  if (column === undefined && (from ?? to) !== undefined) {
    throw new SlipwayError('usage', {
      what: `Feature table ${name} has no event time`,
      next: 'Leave out --from and --to',
    });
  }
  const where =
    column === undefined
      ? {}
      : { where: { column, from: parseTime(from, '--from'), to: parseTime(to, '--to') } };
  const kind = file.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv';
  const source = { kind, path: resolve(folder, file), ...where } as const;
  const result = await loadFeatureTable(database, table, source, { holder, now }).catch((error: unknown) => {
    for (const text of describeViolations(error)) output.line(text);
    throw error;
  });
  output.line(describeLoad(name, result));
  return result;
}

/** What a batch was refused for, a line for each constraint. */
function describeViolations(error: unknown): string[] {
  if (!SlipwayError.isInstance(error) || error.code !== 'data_rejected') return [];
  const { violations } = error.details as { violations: readonly Violation[] };
  const rows = violations.map(({ constraint, count, share, sampleKeys }) => [
    constraint,
    String(count),
    `${(share * 100).toPrecision(3)} %`,
    sampleKeys.join(' '),
  ]);
  return formatTable([['violated', 'rows', 'share', 'for example'], ...rows]);
}

function describeLoad(name: string, result: LoadResult): string {
  if (result.outcome === 'unchanged')
    return `features load ${name}: nothing new, still at load ${result.load}`;
  const { load, inserted, updated, unchanged } = result;
  return `features load ${name}: load ${load}, ${inserted} new rows, ${updated} corrected, ${unchanged} unchanged`;
}
