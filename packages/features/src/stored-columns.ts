import { SlipwayError } from '@slipway/contracts';
import { quoteTable, type Queryable } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

/** What a stored table lacks of its definition, a line each: the table itself, or columns. */
export async function findGoneColumns(queryable: Queryable, table: FeatureTable): Promise<string[]> {
  const columns = await queryable.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
    [quoteTable(rowsTable(table))],
  );
  if (columns.length === 0) return [`the table features.${table.name} is gone`];
  const names = new Set(columns.map(({ name }) => name));
  return Object.keys(table.columns)
    .filter((name) => !names.has(name))
    .map((name) => `the column "${name}" is gone`);
}

/** @throws SlipwayError `schema_mismatch` when the table, or a column of it, is not there: not loaded yet, or dropped by hand */
export async function checkStoredColumns(queryable: Queryable, table: FeatureTable): Promise<void> {
  const gone = await findGoneColumns(queryable, table);
  if (gone.length === 0) return;
  throw new SlipwayError('schema_mismatch', {
    what: `What is stored of feature table ${table.name} does not have all of its columns`,
    received: gone.join(', '),
    next: 'Load the table, which adds new columns; what somebody dropped comes back from a backup, or under a new name of the table',
    details: { table: table.name, problems: gone },
  });
}
