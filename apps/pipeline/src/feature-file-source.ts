import { SlipwayError } from '@slipway/contracts';
import type { FeatureSource, FeatureTable } from '@slipway/features';
import { parseTime } from './parse-time.ts';

/**
 * A CSV or Parquet file as the source of a load, with the window of --from and --to.
 * @throws SlipwayError `usage` for times that are none, and for a window of a table without an event time
 */
export function featureFileSource(
  { name, eventTime: column }: FeatureTable,
  {
    path,
    from,
    to,
  }: { readonly path: string; readonly from?: string | undefined; readonly to?: string | undefined },
): FeatureSource {
  if (column === undefined && (from ?? to) !== undefined) {
    throw new SlipwayError('usage', {
      what: `Feature table ${name} has no event time`,
      next: 'Leave out --from and --to',
    });
  }
  const window = { from: parseTime(from, '--from'), to: parseTime(to, '--to') };
  const kind = path.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv';
  return { kind, path, ...(column === undefined ? {} : { where: { column, ...window } }) };
}
