import { createHash } from 'node:crypto';
import { canonicalJson, SlipwayError, type CellValue } from '@slipway/contracts';
import { postgresTypes, quoteIdentifier, quoteTable, withLease, type Database } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { rowsTable } from './rows-table.ts';

export interface EntityErasure {
  /** A value for each entity key column. */
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
 * Erases an entity from a feature table: every version of its rows, and the reports of refused batches, whose samples may
 * name it. The audit keeps a sha256 of the key. "As known at load N" no longer shows the entity either: that is what was
 * asked for. Serial with loads, repeatable.
 * @returns row versions that were, or would be, erased
 * @throws SlipwayError `configuration_invalid` when the key is not the table's, `lease_held`
 */
export async function eraseEntity(
  database: Database,
  table: FeatureTable,
  erasure: EntityErasure,
): Promise<number> {
  const { key, holder, apply } = erasure;
  checkKey(table, key);
  const names = Object.keys(key);
  const where = names
    .map(
      (name, index) =>
        `${quoteIdentifier(name)} = $${index + 1}::${postgresTypes[table.columns[name]!.type]}`,
    )
    .join(' AND ');
  const rows = quoteTable(rowsTable(table));
  if (!apply) {
    const [found] = await database.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${rows} WHERE ${where}`,
      Object.values(key),
    );
    return Number(found?.rows ?? 0);
  }
  return withLease(database, { name: `features:${table.name}`, holder, waitMs: 600_000 }, (held) =>
    database.transaction(async (transaction) => {
      await held.fence(transaction);
      const erased = await transaction.execute(`DELETE FROM ${rows} WHERE ${where}`, Object.values(key));
      await transaction.execute('DELETE FROM features._reject WHERE feature_table = $1', [table.name]);
      await transaction.execute(
        `INSERT INTO features._erasure (feature_table, key_digest, row_count, erased_by, reason, erased_at)
         VALUES ($1, $2, $3, $4, $5, $6)`,
        [table.name, digestOfKey(table, key), erased, erasure.who, erasure.reason, new Date(erasure.now)],
      );
      return erased;
    }),
  );
}

function checkKey({ name, entityKey }: FeatureTable, key: EntityErasure['key']): void {
  const names = Object.keys(key);
  if (names.length === entityKey.length && entityKey.every((column) => names.includes(column))) return;
  throw new SlipwayError('configuration_invalid', {
    what: `The key does not name an entity of feature table ${name}`,
    expected: `a value for ${entityKey.join(', ')}`,
    received: names.join(', ') || 'none',
  });
}

function digestOfKey({ name }: FeatureTable, key: EntityErasure['key']): string {
  return createHash('sha256')
    .update(canonicalJson({ table: name, key }))
    .digest('hex');
}
