import type { DatasetRef } from '@slipway/contracts';
import { postgresTypes, readColumns, type Queryable, type StoredColumn } from '@slipway/database';
import { datasetDamaged } from './dataset-damaged.ts';

/**
 * Checks that a stored table has the columns it was registered with. No row is read.
 * @throws SlipwayError `dataset_damaged` when it is gone, or somebody changed its columns by hand
 */
export async function checkColumns(queryable: Queryable, ref: DatasetRef): Promise<void> {
  const columns = await readColumns(queryable, ref);
  if (columns.length === 0) throw datasetDamaged(ref, 'no table of that name');
  const changed = describeChange(ref, columns);
  if (changed !== undefined) throw datasetDamaged(ref, changed);
}

/** What is wrong with the columns of a table, or undefined. */
function describeChange({ columns }: DatasetRef, found: readonly StoredColumn[]): string | undefined {
  const expected = columns.map(({ name, type }) => `"${name}" ${postgresTypes[type]}`);
  const received = found.map(({ name, type }) => `"${name}" ${type}`);
  const missing = expected.filter((column) => !received.includes(column));
  const surplus = received.filter((column) => !expected.includes(column));
  if (missing.length + surplus.length === 0) return undefined;
  return [
    ...(missing.length > 0 ? [`no column ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`the column ${surplus.join(', ')}`] : []),
  ].join(', but ');
}
