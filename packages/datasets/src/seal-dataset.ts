import { randomUUID } from 'node:crypto';
import type { ColumnSpec, DatasetRef } from '@slipway/contracts';
import {
  longestNameBytes,
  quoteIdentifier,
  quoteTable,
  type TableName,
  type Transaction,
} from '@slipway/database';
import type { DatasetRecipe } from './dataset-recipe.ts';
import { digestTable } from './digest-table.ts';
import { enterDataset, reviveEntry } from './enter-dataset.ts';
import { verifyDataset } from './verify-dataset.ts';

/** A dataset, and whether this call made it; otherwise it was stored before and has been verified. */
export interface StoredDataset {
  readonly ref: DatasetRef;
  readonly created: boolean;
}

/** A table name for a build, gone or renamed when its transaction ends. */
export function buildTable(): TableName {
  return { schema: 'training', table: `build_${randomUUID().replaceAll('-', '')}` };
}

/**
 * Turns a freshly built table into a dataset: digest, catalogue entry, final name, seal. Content that is stored already
 * is verified and used instead, and the build is dropped: also a table that was swept and restored from a backup.
 * @throws SlipwayError `dataset_damaged` when the table that is there has other content
 */
export async function sealDataset(
  transaction: Transaction,
  build: TableName,
  dataset: {
    readonly kind: DatasetRef['kind'];
    /** Begins the table name: the source or the model. */
    readonly source: string;
    readonly columns: readonly ColumnSpec[];
    readonly recipe: DatasetRecipe;
  },
): Promise<StoredDataset> {
  const { kind, source, columns, recipe } = dataset;
  const { digest, rowCount } = await digestTable(transaction, build, columns);
  const specs = columns.map(({ name, type }) => ({ name, type }));
  const built: DatasetRef = {
    formatVersion: 1,
    kind,
    schema: 'training',
    table: tableName(source, kind, digest),
    digest,
    rowCount,
    columns: specs,
  };
  const { table, isThere, isExpected } = await enterDataset(transaction, built, recipe);
  const ref = { ...built, table };
  if (isThere) {
    await transaction.execute(`DROP TABLE ${quoteTable(build)}`);
    await verifyDataset(transaction, ref);
    if (isExpected) return { ref, created: false };
  } else {
    await transaction.execute(`ALTER TABLE ${quoteTable(build)} RENAME TO ${quoteIdentifier(table)}`);
  }
  await makeImmutable(transaction, ref);
  await reviveEntry(transaction, ref, recipe);
  return { ref, created: !isThere };
}

async function makeImmutable(transaction: Transaction, ref: DatasetRef): Promise<void> {
  const table = quoteTable(ref);
  // A restored table may have its trigger.
  await transaction.execute(
    `CREATE OR REPLACE TRIGGER immutable BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table}
     FOR EACH STATEMENT EXECUTE FUNCTION training.refuse_change()`,
  );
  // ALWAYS: also under session_replication_role = replica.
  await transaction.execute(`ALTER TABLE ${table} ENABLE ALWAYS TRIGGER immutable`);
  await transaction.execute(`REVOKE ALL ON ${table} FROM PUBLIC`);
}

/** `<source>_<kind>_<first 16 hexadecimal digits>`, with a source shortened to what Postgres allows. */
function tableName(source: string, kind: string, digest: string): string {
  const end = `_${kind}_${digest.slice(0, 16)}`;
  return source.replaceAll(/[^a-z0-9_]/g, '_').slice(0, longestNameBytes - end.length) + end;
}
