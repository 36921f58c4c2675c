import type { Transaction } from '@slipway/database';
import type { FeatureTable } from './feature-table.ts';
import { findUniqueIndexes } from './find-unique-indexes.ts';

/** Drops the index of a unique set. */
export async function dropUniqueIndex(
  transaction: Transaction,
  table: FeatureTable,
  set: readonly string[],
): Promise<void> {
  for (const index of await findUniqueIndexes(transaction, table))
    if (index.isOf(set)) await transaction.execute(`DROP INDEX ${index.name}`);
}
