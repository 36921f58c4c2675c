import type { Queryable } from './database.ts';
import { quoteTable, type TableName } from './identifiers.ts';

/** A column as a table has it. */
export interface StoredColumn {
  readonly name: string;
  /**
   * As `postgresTypes` writes it; any other in the words of Postgres, with its length or precision: "timestamp(0) with time
   * zone".
   */
  readonly type: string;
}

/** The columns that a table has now, in their order; none when there is no such table. */
export function readColumns(queryable: Queryable, table: TableName): Promise<readonly StoredColumn[]> {
  return queryable.query<StoredColumn>(
    `SELECT attname AS name,
       CASE WHEN atttypid = 'timestamptz'::regtype AND atttypmod = -1 THEN 'timestamptz'
         ELSE format_type(atttypid, atttypmod) END AS type
     FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [quoteTable(table)],
  );
}
