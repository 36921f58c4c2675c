import { resolve } from 'node:path';
import { loadFeatureTable, type LoadResult } from '@slipway/features';
import type { CommandContext } from './command-context.ts';
import { featureFileSource } from './feature-file-source.ts';
import { getFeatureTable } from './load-configurations.ts';
import type { WindowWords } from './parse-event-window.ts';
import { sayWaiting } from './say-waiting.ts';

/** Loads a file into a feature table and prints what happened. */
export async function loadFile(
  command: CommandContext,
  { table: name, file, ...words }: { readonly table: string; readonly file: string } & WindowWords,
): Promise<LoadResult> {
  const { output, folder, now, holder } = command;
  const table = getFeatureTable(await command.configurations(), name);
  const database = await command.database();
  const source = featureFileSource(table, { path: resolve(folder, file), ...words });
  const onWait = sayWaiting(output, table);
  const result = await loadFeatureTable(database, table, source, { holder, now, onWait });
  output.line(describeLoad(name, result));
  return result;
}

function describeLoad(name: string, result: LoadResult): string {
  if (result.outcome === 'unchanged')
    return `features load ${name}: nothing new, still at load ${result.load}`;
  const { load, inserted, updated, unchanged } = result;
  return `features load ${name}: load ${load}, ${inserted} new rows, ${updated} corrected, ${unchanged} unchanged`;
}
