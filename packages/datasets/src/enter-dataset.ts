import type { DatasetRef } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import { originOf } from './dataset-origin.ts';
import type { DatasetRecipe } from './dataset-recipe.ts';
import { tableIsThere } from './table-is-there.ts';

/** The entry of a content, as a build finds it. */
export interface DatasetEntry {
  /** Name of its table: that of the first build. */
  readonly table: string;
  /** Whether the table is there. */
  readonly isThere: boolean;
  /** Whether the table is where it is by the word of the catalogue: not when a sweep or an erasure had dropped it. */
  readonly isExpected: boolean;
}

/**
 * Enters a content where it has no entry, adds where it came from, and holds the entry until the transaction ends: no sweep
 * comes between. Waits for a builder of the same content to commit.
 */
export async function enterDataset(
  queryable: Queryable,
  { kind, table, digest, rowCount, columns }: DatasetRef,
  recipe: DatasetRecipe,
): Promise<DatasetEntry> {
  // ON CONFLICT waits at one index. Two that insert at the same instant would pass it together and meet at the other one.
  await queryable.query("SELECT pg_advisory_xact_lock(hashtextextended('slipway dataset ' || $1, 0))", [
    digest,
  ]);
  const inserted = await queryable.execute(
    `INSERT INTO training.dataset (digest, kind, table_name, row_count, columns, recipe, origins)
     VALUES ($1, $2, $3, $4, $5, $6, '[]') ON CONFLICT (digest) DO NOTHING`,
    [digest, kind, table, rowCount, JSON.stringify(columns), JSON.stringify(recipe)],
  );
  await queryable.execute(
    `UPDATE training.dataset SET asked_at = clock_timestamp(),
       origins = CASE WHEN origins @> $2::jsonb THEN origins ELSE origins || $2::jsonb END WHERE digest = $1`,
    [digest, JSON.stringify([originOf(recipe)])],
  );
  // A statement of its own: what a sweep did while the last one waited for it shows here.
  const [entry] = await queryable.query<DatasetEntry>(
    `SELECT table_name AS "table", ${tableIsThere} AS "isThere", swept_at IS NULL AND $2 AS "isExpected"
     FROM training.dataset WHERE digest = $1`,
    [digest, inserted === 0],
  );
  return entry!;
}

/** Notes that the table of an entry is there again, made by this recipe. */
export async function reviveEntry(
  queryable: Queryable,
  { digest, kind }: Pick<DatasetRef, 'digest' | 'kind'>,
  recipe: DatasetRecipe,
): Promise<void> {
  await queryable.execute(
    `UPDATE training.dataset SET kind = $2, recipe = $3, swept_at = NULL, swept_by = NULL, swept_why = NULL,
       unrepeatable = NULL WHERE digest = $1`,
    [digest, kind, JSON.stringify(recipe)],
  );
}
