import { SlipwayError, type DatasetRef } from '@slipway/contracts';
import { postgresTypes, quoteTable, type Queryable } from '@slipway/database';
import { digestTable } from './digest-table.ts';

/**
 * Computes a stored table's digest again, after looking that it has the columns it was registered with.
 * @throws SlipwayError `dataset_damaged` when the table is gone or has other columns or content
 */
export async function verifyDataset(queryable: Queryable, ref: DatasetRef): Promise<void> {
  const columns = await queryable.query<{ name: string; type: string }>(
    `SELECT attname AS name,
       CASE atttypid WHEN 'timestamptz'::regtype THEN 'timestamptz' ELSE format_type(atttypid, atttypmod) END AS type
     FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [quoteTable(ref)],
  );
  if (columns.length === 0) throw damaged(ref, 'no table of that name');
  const changed = describeColumns(ref, columns);
  if (changed !== undefined) throw damaged(ref, changed);
  const { digest } = await digestTable(queryable, ref, ref.columns);
  if (digest !== ref.digest) throw damaged(ref, `digest ${digest.slice(0, 16)}`);
}

/** What is wrong with the columns of a table, or undefined. */
function describeColumns(
  { columns }: DatasetRef,
  found: readonly { readonly name: string; readonly type: string }[],
): string | undefined {
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

function damaged(ref: DatasetRef, received: string): SlipwayError {
  return new SlipwayError('dataset_damaged', {
    what: `The dataset ${ref.schema}.${ref.table} is not what was registered`,
    expected: `digest ${ref.digest.slice(0, 16)}`,
    received,
    next: 'Somebody changed or dropped it by hand: restore it from a backup',
  });
}
