import { datasetRefSchema, SlipwayError, type DatasetRef, type Digest } from '@slipway/contracts';
import type { Database, Queryable } from '@slipway/database';
import type { DatasetRecipe } from './dataset-recipe.ts';

/** Columns of the catalogue that make a {@link DatasetRef}. */
export const refColumns = 'digest, kind, table_name AS "table", row_count AS rows, columns';

export interface RefRow {
  readonly digest: string;
  readonly kind: string;
  readonly table: string;
  readonly rows: string;
  readonly columns: unknown;
}

/** A row of {@link refColumns} as what other packages know a dataset by. */
export function toRef({ digest, kind, table, rows, columns }: RefRow): DatasetRef {
  const ref = { formatVersion: 1, kind, schema: 'training', table, digest, rowCount: Number(rows), columns };
  return datasetRefSchema.parse(ref);
}

/** Whether the table of an entry is there: a sweep, or somebody's hand, may have dropped it. */
export const tableIsThere = "to_regclass(format('training.%I', dataset.table_name)) IS NOT NULL";

/** The stored dataset of a digest; undefined when there never was one, or its table was dropped. */
export async function findDataset(queryable: Queryable, digest: Digest): Promise<DatasetRef | undefined> {
  const [row] = await queryable.query<RefRow>(
    `SELECT ${refColumns} FROM training.dataset WHERE digest = $1 AND swept_at IS NULL AND ${tableIsThere}`,
    [digest],
  );
  return row === undefined ? undefined : toRef(row);
}

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

/**
 * Lets no erasure come between what a build reads and what it enters: an erasure waits for builds that have begun, and builds
 * that begin later read what it has left. The first statement of their transaction.
 */
export async function holdOffErasures(queryable: Queryable): Promise<void> {
  await queryable.execute('LOCK TABLE training.dataset IN ROW EXCLUSIVE MODE');
}

/** Notes that a build asked for a stored dataset, and holds its entry until the transaction ends: no sweep comes between. */
export async function askForDataset(queryable: Queryable, digest: Digest): Promise<void> {
  await queryable.execute('UPDATE training.dataset SET asked_at = clock_timestamp() WHERE digest = $1', [
    digest,
  ]);
}

/**
 * Notes that a run read or made a dataset; repeatable.
 * @throws SlipwayError `dataset_not_found`
 */
export async function linkDataset(
  database: Database,
  link: {
    readonly digest: Digest;
    readonly runId: string;
    readonly model: string;
    /** What it was to the run: `train`, `test`, `predictions`. */
    readonly context: string;
  },
): Promise<void> {
  const { digest, runId, model, context } = link;
  if ((await findDataset(database, digest)) === undefined) throw datasetNotFound(digest);
  await database.execute(
    'INSERT INTO training.dataset_use (digest, run_id, model, context) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [digest, runId, model, context],
  );
}

export function datasetNotFound(name: string): SlipwayError {
  const isDigest = /^[0-9a-f]{64}$/.test(name);
  return new SlipwayError('dataset_not_found', {
    what: isDigest
      ? `There is no dataset with digest ${name.slice(0, 16)}`
      : 'There is no dataset of that name',
    ...(isDigest ? {} : { received: JSON.stringify(name) }),
    next: isDigest
      ? 'It was swept, or belongs to another database'
      : '"slipway datasets list" shows them all',
  });
}
