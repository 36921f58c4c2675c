import { createHash, randomBytes } from 'node:crypto';
import type { ColumnSpec } from '@slipway/contracts';
import {
  postgresTypes,
  quoteIdentifier,
  quoteTable,
  type Queryable,
  type TableName,
} from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';

/** Line or row of the source that a staged row comes from. Columns of feature tables begin with a letter, these do not. */
export const sourceLine = '_source_line';
/** Names of the cells that could not be read and are staged as NULL, each between commas; NULL for a whole row. */
export const unreadCells = '_unread_cells';

/** Rows of a batch on its way to the staging table. */
export const stagedBatchRows = 20_000;
/** Characters of text in a batch: rows of long texts would otherwise fill the memory. */
export const stagedBatchCharacters = 1 << 25;

/** Every column that a staged row may have. */
export function stagedColumns(table: FeatureTable): ColumnSpec[] {
  return [
    ...Object.entries(table.columns).map(([name, { type }]) => ({ name, type })),
    { name: sourceLine, type: 'long' },
    { name: unreadCells, type: 'string' },
  ];
}

/** Staging tables are real tables, because a pooler may hand every statement another session. */
export async function createStaging(queryable: Queryable, table: FeatureTable): Promise<TableName> {
  const staging = {
    schema: 'features',
    table: `${stagingPrefix(table)}${randomBytes(6).toString('hex')}`,
  };
  const columns = stagedColumns(table).map(
    ({ name, type }) => `${quoteIdentifier(name)} ${postgresTypes[type]}`,
  );
  await queryable.execute(`CREATE UNLOGGED TABLE ${quoteTable(staging)} (${columns.join(', ')})`);
  return staging;
}

/** Drops the table's staging tables that a killed process left. Only for who holds the table's lease. */
export async function dropStaging(queryable: Queryable, table: FeatureTable): Promise<void> {
  const left = await queryable.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'features' AND starts_with(tablename, $1)",
    [stagingPrefix(table)],
  );
  for (const { name } of left)
    await queryable.execute(`DROP TABLE IF EXISTS ${quoteTable({ schema: 'features', table: name })}`);
}

/** A hash of the whole name: names as long as Postgres allows, and names that begin alike, must not meet here. */
function stagingPrefix({ name }: FeatureTable): string {
  return `_staging_${createHash('sha256').update(name).digest('hex').slice(0, 24)}_`;
}
