import { createHash } from 'node:crypto';
import { canonicalJson, SlipwayError, type CellValue } from '@slipway/contracts';
import {
  quoteIdentifier,
  quoteTable,
  typedParameter,
  withLease,
  type Database,
  type Transaction,
} from '@slipway/database';
import type { FeatureColumn, FeatureTable } from './feature-table.ts';
import { readValue } from './read-value.ts';
import { rowsTable } from './rows-table.ts';
import { dropStaging } from './staging-table.ts';
import { findStoredDefinition } from './stored-definition.ts';

export interface EntityErasure {
  /** A value for each entity key column; a time as microseconds since 1970-01-01 UTC. */
  readonly key: Readonly<Record<string, CellValue>>;
  readonly who: string;
  readonly reason: string;
  /** Names this process in the lease. */
  readonly holder: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  /** Without it nothing is erased. */
  readonly apply: boolean;
}

/**
 * Erases an entity from a feature table: every version of its rows, the reports of refused batches, whose samples may name
 * it, rows that a killed load left behind, and noted categories that no other row has. The audit keeps a sha256 of the key.
 * "As known at load N" no longer shows the entity either: that is what was asked for. Serial with loads, repeatable.
 * @returns row versions that were, or would be, erased; 0 for a table that was never loaded
 * @throws SlipwayError `configuration_invalid` when the key is not the table's or a value is not of its column's type,
 * `lease_held`
 */
export async function eraseEntity(
  database: Database,
  table: FeatureTable,
  erasure: EntityErasure,
): Promise<number> {
  const { key, holder, apply } = erasure;
  checkKey(table, key);
  if ((await findStoredDefinition(database, table.name)) === undefined) return 0;
  const conditions = Object.keys(key).map(
    (name, index) => `${quoteIdentifier(name)} = ${typedParameter(index + 1, table.columns[name]!.type)}`,
  );
  const where = `${quoteTable(rowsTable(table))} WHERE ${conditions.join(' AND ')}`;
  if (!apply) {
    const [found] = await database.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${where}`,
      Object.values(key),
    );
    return Number(found?.rows ?? 0);
  }
  return withLease(database, { name: `features:${table.name}`, holder, waitMs: 600_000 }, (held) =>
    database.transaction(async (transaction) => {
      await held.fence(transaction);
      await dropStaging(transaction, table);
      const erased = await transaction.execute(`DELETE FROM ${where}`, Object.values(key));
      await transaction.execute('DELETE FROM features._reject WHERE feature_table = $1', [table.name]);
      await forgetCategories(transaction, table);
      await enterAudit(transaction, { table, erasure, erased });
      return erased;
    }),
  );
}

/** Noted texts that no row has any more. */
async function forgetCategories(transaction: Transaction, table: FeatureTable): Promise<void> {
  const texts = Object.keys(table.columns).filter((name) => table.columns[name]?.type === 'string');
  for (const name of texts)
    await transaction.execute(
      `DELETE FROM features._category AS noted WHERE feature_table = $1 AND column_name = $2
         AND NOT EXISTS (SELECT FROM ${quoteTable(rowsTable(table))} AS kept WHERE kept.${quoteIdentifier(name)} = noted.value)`,
      [table.name, name],
    );
}

function enterAudit(
  transaction: Transaction,
  { table, erasure, erased }: { table: FeatureTable; erasure: EntityErasure; erased: number },
): Promise<number> {
  return transaction.execute(
    `INSERT INTO features._erasure (feature_table, key_digest, row_count, erased_by, reason, erased_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [table.name, digestOfKey(table, erasure.key), erased, erasure.who, erasure.reason, new Date(erasure.now)],
  );
}

function checkKey({ name, entityKey, columns }: FeatureTable, key: EntityErasure['key']): void {
  const names = Object.keys(key ?? {});
  const isWhole = names.length === entityKey.length && entityKey.every((column) => names.includes(column));
  const unfit = entityKey.filter(
    (column) => names.includes(column) && !isValue(key[column], columns[column]),
  );
  if (isWhole && unfit.length === 0) return;
  const typed = (column: string): string => `${column} that is no ${columns[column]?.type ?? ''}`;
  throw new SlipwayError('configuration_invalid', {
    what: `The key does not name an entity of feature table ${name}`,
    expected: `a value for ${entityKey.join(', ')}`,
    received: names.map((column) => (unfit.includes(column) ? typed(column) : column)).join(', ') || 'none',
    next: 'Give one value for each of these columns, and for no other; nothing was erased',
  });
}

/**
 * NULL is equal to no row, and a number as a text to no prediction that was logged: they would stay, and the audit say
 * otherwise.
 */
function isValue(value: CellValue | undefined, column: FeatureColumn | undefined): boolean {
  if (column === undefined || value === null || value === undefined) return false;
  return readValue(value, column.type) === value;
}

function digestOfKey({ name }: FeatureTable, key: EntityErasure['key']): string {
  return createHash('sha256')
    .update(canonicalJson({ source: name, key }))
    .digest('hex');
}
