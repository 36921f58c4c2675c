import { fileURLToPath } from 'node:url';
import { SlipwayError } from '@slipway/contracts';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import type { Database, Transaction } from './database.ts';
import { quoteIdentifier } from './identifiers.ts';

/** The migrations of one package: a folder in drizzle's layout, for one Postgres schema. */
export interface MigrationSet {
  /** Names the book-keeping table in schema `slipway_migrations`. */
  readonly package: string;
  readonly schema: string;
  readonly folder: URL;
}

/** The database package's own migrations: lease rows. Applied before those of any other package. */
export const databaseMigrations: MigrationSet = {
  package: 'database',
  schema: 'slipway_leases',
  folder: new URL('../migrations/', import.meta.url),
};

/** Any constant will do, as long as all Slipway programs take the same. */
const lockNumber = 5_714_201;

/**
 * Applies what a package's migrations lack, in one transaction under a transaction-scoped lock: safe for any number
 * of processes at once, also behind a pooler.
 * @throws SlipwayError `database_schema_newer`, `database_migration_edited`, `database_permission`
 */
export async function migrate(database: Database, set: MigrationSet): Promise<{ readonly applied: number }> {
  if (set.package !== databaseMigrations.package) await applySet(database, databaseMigrations);
  return { applied: await applySet(database, set) };
}

function applySet(database: Database, set: MigrationSet): Promise<number> {
  const files = readMigrationFiles({ migrationsFolder: fileURLToPath(set.folder) });
  return database.transaction(async (transaction) => {
    await transaction.execute(`SELECT pg_advisory_xact_lock(${lockNumber})`);
    const known = await readApplied(transaction, set);
    checkHistory(
      set,
      known,
      files.map(({ hash }) => hash),
    );
    const table = bookkeepingTable(set);
    for (const { sql, hash, folderMillis } of files.slice(known.length)) {
      for (const statement of sql) await transaction.execute(statement);
      await transaction.execute(`INSERT INTO ${table} (hash, created_at) VALUES ($1, $2)`, [
        hash,
        folderMillis,
      ]);
    }
    return files.length - known.length;
  });
}

/** Hashes of the applied migrations in order; creates the book-keeping where it is missing. */
async function readApplied(transaction: Transaction, set: MigrationSet): Promise<string[]> {
  const table = bookkeepingTable(set);
  const [found] = await transaction.query<{ exists: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS exists',
    [table],
  );
  if (found?.exists !== true) {
    await transaction.execute('CREATE SCHEMA IF NOT EXISTS slipway_migrations');
    await transaction.execute(
      `CREATE TABLE ${table} (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
    );
    return [];
  }
  const rows = await transaction.query<{ hash: string }>(`SELECT hash FROM ${table} ORDER BY id`);
  return rows.map(({ hash }) => hash);
}

function bookkeepingTable({ package: name }: MigrationSet): string {
  return `slipway_migrations.${quoteIdentifier(name)}`;
}

function checkHistory(set: MigrationSet, known: readonly string[], files: readonly string[]): void {
  if (known.length > files.length) {
    throw new SlipwayError('database_schema_newer', {
      what: `Schema ${set.schema} was migrated by a newer version of @slipway/${set.package}`,
      expected: `at most ${files.length} migrations`,
      received: `${known.length}`,
      next: 'Upgrade this program',
    });
  }
  const edited = known.findIndex((hash, index) => hash !== files[index]);
  if (edited === -1) return;
  throw new SlipwayError('database_migration_edited', {
    what: `Migration ${edited} of @slipway/${set.package} was edited after it ran`,
    expected: 'the file that was applied',
    next: 'Restore it, and add a new migration for the change',
  });
}
