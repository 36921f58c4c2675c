import {
  datasetRefSchema,
  SlipwayError,
  type ColumnSpec,
  type DatasetRef,
  type Digest,
} from '@slipway/contracts';
import type { Database, Queryable } from '@slipway/database';

interface CatalogueRow {
  readonly digest: Digest;
  readonly kind: DatasetRef['kind'];
  readonly table: string;
  readonly rows: string;
  readonly columns: readonly ColumnSpec[];
}

/** The stored dataset of a digest, or undefined. */
export async function findDataset(queryable: Queryable, digest: Digest): Promise<DatasetRef | undefined> {
  const [row] = await queryable.query<CatalogueRow>(
    `SELECT digest, kind, table_name AS "table", row_count AS rows, columns FROM training.dataset WHERE digest = $1`,
    [digest],
  );
  if (row === undefined) return undefined;
  const { kind, table, rows, columns } = row;
  return datasetRefSchema.parse({
    formatVersion: 1,
    kind,
    schema: 'training',
    table,
    digest,
    rowCount: Number(rows),
    columns,
  });
}

/** Enters a dataset; false when its digest is there already. Waits for a builder of the same content to commit. */
export async function enterDataset(
  queryable: Queryable,
  { kind, table, digest, rowCount, columns }: DatasetRef,
  recipe: unknown,
): Promise<boolean> {
  const entered = await queryable.execute(
    `INSERT INTO training.dataset (digest, kind, table_name, row_count, columns, recipe)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (digest) DO NOTHING`,
    [digest, kind, table, rowCount, JSON.stringify(columns), JSON.stringify(recipe)],
  );
  return entered > 0;
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

export function datasetNotFound(digest: Digest): SlipwayError {
  return new SlipwayError('dataset_not_found', {
    what: `There is no dataset with digest ${digest.slice(0, 16)}`,
    next: 'It was swept, or belongs to another database',
  });
}
