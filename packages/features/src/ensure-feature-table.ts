import { canonicalJson } from '@slipway/contracts';
import type { Database, MigrationSet } from '@slipway/database';
import { createRowsTable } from './create-rows-table.ts';
import { evolveFeatureTable } from './evolve-feature-table.ts';
import type { FeatureTable } from './feature-table.ts';
import { checkStoredColumns } from './stored-columns.ts';
import { findStoredDefinition, lockDefinition, storeDefinition } from './stored-definition.ts';

/** The catalogue of feature tables and the schema they lie in. */
export const featuresMigrations: MigrationSet = {
  package: 'features',
  schema: 'features',
  folder: new URL('../migrations/', import.meta.url),
};

/**
 * Creates the table of a definition with its native constraints, or brings the stored one up to it in one transaction:
 * new nullable columns are added, rules change when every stored row keeps the new one, and a table that never had a row
 * is made anew. Safe for many processes at once.
 * @returns `migrated`: columns added and constraints changed, by name
 * @throws SlipwayError `schema_change_breaking` for any other change, `configuration_invalid` for a pattern or check
 * that Postgres cannot read, `schema_mismatch` for a table that somebody changed by hand, `format_unsupported` for one of a
 * newer program
 */
export async function ensureFeatureTable(
  database: Database,
  table: FeatureTable,
): Promise<{ readonly created: boolean; readonly migrated: readonly string[] }> {
  const known = await findStoredDefinition(database, table.name);
  if (known !== undefined) await checkStoredColumns(database, known);
  if (known !== undefined && canonicalJson(known) === canonicalJson(table))
    return { created: false, migrated: [] };
  return database.transaction(async (transaction) => {
    await transaction.execute('LOCK TABLE features._feature_table IN SHARE ROW EXCLUSIVE MODE');
    // A load that is being merged holds the definition: wait for it before its table is touched.
    const stored = await lockDefinition(transaction, table.name, 'NO KEY UPDATE');
    const result =
      stored === undefined
        ? { created: true, migrated: [] }
        : await evolveFeatureTable(transaction, stored, table);
    if (stored === undefined) await createRowsTable(transaction, table);
    await storeDefinition(transaction, table);
    return result;
  });
}
