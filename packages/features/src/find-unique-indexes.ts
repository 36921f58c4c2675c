import { quoteTable, type Queryable } from '@slipway/database';
import { keyIndexName } from './create-rows-table.ts';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

export interface UniqueIndex {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly isValid: boolean;
  /** Whether its columns are those of a unique set, in any order. */
  readonly isOf: (set: readonly string[]) => boolean;
}

/**
 * The unique indexes of a feature table besides that of the row key. They are known by their columns: tables of older
 * programs name theirs by place.
 */
export async function findUniqueIndexes(queryable: Queryable, table: FeatureTable): Promise<UniqueIndex[]> {
  const found = await queryable.query<{ name: string; valid: boolean; columns: string[] }>(
    `SELECT made.indexrelid::regclass::text AS name, made.indisvalid AS valid,
       ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = made.indrelid AND attnum = ANY (made.indkey)) AS columns
     FROM pg_index AS made JOIN pg_class AS index ON index.oid = made.indexrelid
     WHERE made.indrelid = to_regclass($1) AND made.indisunique AND index.relname <> $2`,
    [quoteTable(rowsTable(table)), keyIndexName(table)],
  );
  return found.map(({ name, valid, columns }) => {
    const sorted = JSON.stringify(columns.toSorted());
    return { name, isValid: valid, isOf: (set) => JSON.stringify(set.toSorted()) === sorted };
  });
}
