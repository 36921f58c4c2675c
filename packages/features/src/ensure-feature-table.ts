import { canonicalJson, SlipwayError } from '@slipway/contracts';
import {
  postgresTypes,
  quoteIdentifier,
  quoteTable,
  type Database,
  type MigrationSet,
  type TableName,
  type Transaction,
} from '@slipway/database';
import { constraintName } from './constraint-name.ts';
import { rowConstraints } from './constraints.ts';
import { rowKey, type FeatureTable } from './feature-table.ts';
import { findStoredDefinition, storeDefinition } from './stored-definition.ts';

/** The catalogue of feature tables and the schema they lie in. */
export const featuresMigrations: MigrationSet = {
  package: 'features',
  schema: 'features',
  folder: new URL('../migrations/', import.meta.url),
};

/** Where the rows of a feature table lie. */
export function rowsTable({ name }: FeatureTable): TableName {
  return { schema: 'features', table: name };
}

/**
 * Creates the table of a definition with its native constraints, or brings the stored one up to it: new nullable
 * columns are added. Safe for many processes at once.
 * @throws SlipwayError `schema_change_breaking` for any other change, `format_unsupported` for a table of a newer program
 */
export async function ensureFeatureTable(
  database: Database,
  table: FeatureTable,
): Promise<{ readonly created: boolean; readonly migrated: readonly string[] }> {
  const known = await findStoredDefinition(database, table.name);
  if (known !== undefined && canonicalJson(known) === canonicalJson(table))
    return { created: false, migrated: [] };
  return database.transaction(async (transaction) => {
    await transaction.execute('LOCK TABLE features._feature_table IN SHARE ROW EXCLUSIVE MODE');
    const stored = await findStoredDefinition(transaction, table.name);
    if (stored === undefined) {
      await createTable(transaction, table);
      return { created: true, migrated: [] };
    }
    return { created: false, migrated: await evolveTable(transaction, stored, table) };
  });
}

async function createTable(transaction: Transaction, table: FeatureTable): Promise<void> {
  const rows = quoteTable(rowsTable(table));
  const columns = Object.entries(table.columns).map(
    ([name, { type }]) => `${quoteIdentifier(name)} ${postgresTypes[type]}`,
  );
  const checks = rowConstraints(table).map(
    ({ name, sql }) => `CONSTRAINT ${quoteIdentifier(constraintName(name))} CHECK (${sql})`,
  );
  const versions = ['loaded_by bigint NOT NULL', 'superseded_by bigint CHECK (superseded_by > loaded_by)'];
  await transaction.execute(`CREATE TABLE ${rows} (${[...columns, ...versions, ...checks].join(', ')})`);
  for (const [index, set] of [rowKey(table), ...table.unique].entries()) {
    // Indexes share one space of names with the tables, whose names begin with a letter.
    const kind = index === 0 ? 'current_key' : `current_unique_${index}`;
    const name = quoteIdentifier(constraintName(`_${table.name}_${kind}`));
    const list = set.map(quoteIdentifier).join(', ');
    await transaction.execute(`CREATE UNIQUE INDEX ${name} ON ${rows} (${list}) WHERE superseded_by IS NULL`);
  }
  await storeDefinition(transaction, table);
}

/** Texts that do not change what is stored may differ; so may columns that are new and nullable. */
async function evolveTable(
  transaction: Transaction,
  stored: FeatureTable,
  table: FeatureTable,
): Promise<string[]> {
  const added = Object.keys(table.columns).filter((name) => !(name in stored.columns));
  const kept = {
    ...table,
    columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => name in stored.columns)),
  };
  const required = added.filter((name) => table.columns[name]?.nullable === false);
  if (storedShape(kept) !== storedShape(stored) || required.length > 0) {
    throw new SlipwayError('schema_change_breaking', {
      what: `The definition of feature table ${table.name} changed in a way its stored rows do not allow`,
      expected: 'the same keys, columns, types and constraints, or new columns that are nullable',
      received:
        required.length > 0
          ? `new columns that are not nullable: ${required.join(', ')}`
          : 'a changed or missing column, key or constraint',
      next: 'Give the table a new name, or make the change additive',
    });
  }
  const constraints = rowConstraints(table).filter(
    ({ column }) => column !== undefined && added.includes(column),
  );
  const rows = quoteTable(rowsTable(table));
  for (const name of added) {
    const { type } = table.columns[name] as FeatureTable['columns'][string];
    await transaction.execute(
      `ALTER TABLE ${rows} ADD COLUMN ${quoteIdentifier(name)} ${postgresTypes[type]}`,
    );
  }
  for (const { name, sql } of constraints)
    await transaction.execute(
      `ALTER TABLE ${rows} ADD CONSTRAINT ${quoteIdentifier(constraintName(name))} CHECK (${sql})`,
    );
  await storeDefinition(transaction, table);
  return added;
}

function storedShape({ entityKey, eventTime, columns, unique, checks }: FeatureTable): string {
  const shapes = Object.entries(columns).map(([name, { type, nullable, range, enum: values, pattern }]) => ({
    name,
    type,
    nullable,
    range,
    values,
    pattern,
  }));
  return canonicalJson({
    entityKey,
    eventTime,
    shapes: shapes.sort((a, b) => (a.name < b.name ? -1 : 1)),
    unique,
    checks,
  });
}
