import type { DatasetRef, Digest } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import type { DatasetRecipe } from './dataset-recipe.ts';
import { tableIsThere } from './table-is-there.ts';

/**
 * Enters a dataset, or its table again after it was dropped; false when it is stored already. Waits for a builder of the same
 * content to commit.
 */
export async function enterDataset(
  queryable: Queryable,
  { kind, table, digest, rowCount, columns }: DatasetRef,
  recipe: DatasetRecipe,
): Promise<boolean> {
  // ON CONFLICT waits at one index. Two that insert at the same instant would pass it together and meet at the other one.
  await queryable.query("SELECT pg_advisory_xact_lock(hashtextextended('slipway dataset ' || $1, 0))", [
    digest,
  ]);
  const entered = await queryable.execute(
    `INSERT INTO training.dataset (digest, kind, table_name, row_count, columns, recipe)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (digest) DO UPDATE SET kind = excluded.kind, table_name = excluded.table_name, recipe = excluded.recipe,
       asked_at = excluded.asked_at, swept_at = NULL, swept_by = NULL, swept_why = NULL, unrepeatable = NULL
     WHERE dataset.swept_at IS NOT NULL OR NOT ${tableIsThere}`,
    [digest, kind, table, rowCount, JSON.stringify(columns), JSON.stringify(recipe)],
  );
  return entered > 0;
}

/** Notes that a build asked for a stored dataset, and holds its entry until the transaction ends: no sweep comes between. */
export async function askForDataset(queryable: Queryable, digest: Digest): Promise<void> {
  await queryable.execute('UPDATE training.dataset SET asked_at = clock_timestamp() WHERE digest = $1', [
    digest,
  ]);
}
