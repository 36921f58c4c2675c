import { postgresTypes, quoteTable, type Queryable, type TableName } from '@slipway/database';
import type { ColumnSpec } from '@slipway/contracts';

/** A column as a table has it: its name and its type in the words of Postgres. */
export interface FoundColumn {
  readonly name: string;
  readonly type: string;
}

/** The columns that a table has now, whatever the catalogue says; none when there is no such table. */
export function findColumns(queryable: Queryable, table: TableName): Promise<readonly FoundColumn[]> {
  return queryable.query<FoundColumn>(
    `SELECT attname AS name,
       CASE atttypid WHEN 'timestamptz'::regtype THEN 'timestamptz' ELSE format_type(atttypid, atttypmod) END AS type
     FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [quoteTable(table)],
  );
}

/** Whether a column is among those of a table, with its type. */
export function hasColumn(found: readonly FoundColumn[], { name, type }: ColumnSpec): boolean {
  return found.some((column) => column.name === name && column.type === postgresTypes[type]);
}
