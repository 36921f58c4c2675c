import type { Database } from '@slipway/database';
import { checkLoadArguments } from './check-load-arguments.ts';
import { storesAlike } from './definition-changes.ts';
import { ensureFeatureTable } from './ensure-feature-table.ts';
import type { FeatureSource } from './feature-source.ts';
import type { FeatureTable } from './feature-table.ts';
import type { LoadOptions } from './load-feature-table.ts';
import { mergeStaged, type MergeCounts } from './merge-staged.ts';
import { findStoredDefinition } from './stored-definition.ts';
import type { Violation } from './violation.ts';
import { withStagedRows } from './with-staged-rows.ts';

/** What a load of the same source would meet now. */
export interface BatchCheck {
  readonly rows: number;
  /** Empty when a load would accept the batch. */
  readonly violations: readonly Violation[];
  /**
   * What a load would change; null for a batch with violations, and when the stored table follows another definition, which
   * a load would change first.
   */
  readonly changes: MergeCounts | null;
}

/**
 * A load without its end: staged, validated and merged, then taken back. No load number, no reject, no row, no change of
 * a stored table's definition; a table that was never there is made, empty.
 * @throws SlipwayError as `loadFeatureTable` for a source that cannot be read; violations are returned
 */
export async function checkFeatureBatch(
  database: Database,
  table: FeatureTable,
  source: FeatureSource,
  options: Pick<LoadOptions, 'holder' | 'onProgress' | 'onWait'>,
): Promise<BatchCheck> {
  checkLoadArguments(table, source);
  const stored = await findStoredDefinition(database, table.name);
  if (stored === undefined) await ensureFeatureTable(database, table);
  return withStagedRows(database, { table, source, ...options }, async (staged) => {
    const { staging, rowCount: rows, violations } = staged;
    const isMerged = violations.length === 0 && (stored === undefined || storesAlike(stored, table));
    const changes = isMerged ? await mergeAndTakeBack(database, { table, staging }) : null;
    return { rows, violations, changes };
  });
}

/** Ends a transaction without a failure. */
class TakenBack extends Error {}

async function mergeAndTakeBack(
  database: Database,
  staged: Omit<Parameters<typeof mergeStaged>[1], 'number'>,
): Promise<MergeCounts> {
  let counts: MergeCounts | undefined;
  const merged = database.transaction(async (transaction) => {
    // Higher than any load: nothing of it stays.
    counts = await mergeStaged(transaction, { ...staged, number: Number.MAX_SAFE_INTEGER });
    throw new TakenBack();
  });
  await merged.catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error;
  });
  return counts ?? { inserted: 0, updated: 0, unchanged: 0 };
}
