import type { FeatureSource, FeatureTable } from '@slipway/features';
import { parseEventWindow, type WindowWords } from './parse-event-window.ts';

/**
 * A CSV or Parquet file as the source of a load, with the window of --from and --to.
 * @throws SlipwayError `usage` for times that are none, a window that holds none, and one of a table without an event time
 */
export function featureFileSource(
  table: FeatureTable,
  { path, ...words }: { readonly path: string } & WindowWords,
): FeatureSource {
  const window = parseEventWindow(table, words);
  const kind = path.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv';
  const column = table.eventTime;
  return { kind, path, ...(column === undefined ? {} : { where: { column, ...window } }) };
}
