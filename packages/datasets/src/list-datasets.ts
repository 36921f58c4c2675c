import { parseStored, SlipwayError, type DatasetRef } from '@slipway/contracts';
import { quoteLiteral, type Queryable } from '@slipway/database';
import { datasetNotFound } from './dataset-not-found.ts';
import { datasetOriginSchema, type DatasetOrigin } from './dataset-origin.ts';
import { datasetRecipeSchema, type DatasetRecipe } from './dataset-recipe.ts';
import { refColumns, toRef, type RefRow } from './dataset-ref-row.ts';

/** A run that read or made a dataset. */
export interface DatasetUse {
  readonly runId: string;
  /** Registered model of the run. */
  readonly model: string;
  /** `train`, `test` or `predictions`. */
  readonly context: string;
  readonly usedAt: Date;
}

/** All that the catalogue knows of one dataset, its table still there or swept. */
export interface CataloguedDataset {
  readonly ref: DatasetRef;
  readonly recipe: DatasetRecipe;
  /** Every source that gave this content, that of the recipe among them. */
  readonly origins: readonly DatasetOrigin[];
  readonly createdAt: Date;
  /** The last build or run that asked for it. */
  readonly askedAt: Date;
  /** Disk of the table with its indexes, in bytes; null when it is gone. */
  readonly bytes: number | null;
  /** When and why it was dropped; null while its table is there, restored from a backup or not. */
  readonly swept: { readonly at: Date; readonly by: string; readonly why: string } | null;
  /** Why the recipe would no longer give these rows, or null. */
  readonly unrepeatable: string | null;
  /** Oldest first. */
  readonly uses: readonly DatasetUse[];
}

interface CatalogueRow extends RefRow {
  readonly recipe: unknown;
  readonly origins: readonly unknown[];
  readonly created_at: Date;
  readonly asked_at: Date;
  readonly bytes: string | null;
  readonly swept_at: Date | null;
  readonly swept_by: string | null;
  readonly swept_why: string | null;
  readonly unrepeatable: string | null;
  readonly uses: readonly (Omit<DatasetUse, 'usedAt'> & { readonly usedAt: string })[];
}

/** Every dataset of the catalogue, newest first. @throws SlipwayError `format_unsupported` */
export async function listDatasets(queryable: Queryable): Promise<readonly CataloguedDataset[]> {
  return readCatalogue(queryable, 'true');
}

/**
 * The dataset of a table name, with or without its schema, a digest, or the beginning of a digest (at least 8 characters) that
 * only one has.
 * @throws SlipwayError `dataset_not_found`, `invalid_argument` when several begin like that
 */
export async function getDataset(queryable: Queryable, name: string): Promise<CataloguedDataset> {
  const isDigest = /^[0-9a-f]{8,64}$/.test(name);
  const begins = isDigest ? `starts_with(digest, ${quoteLiteral(name)})` : 'false';
  const table = name.replace(/^training\./, '');
  const found = await readCatalogue(queryable, `table_name = ${quoteLiteral(table)} OR ${begins}`);
  if (found.length > 1) throw ambiguous(name, found);
  const [dataset] = found;
  if (dataset === undefined) throw datasetNotFound(name);
  return dataset;
}

async function readCatalogue(queryable: Queryable, condition: string): Promise<CataloguedDataset[]> {
  const rows = await queryable.query<CatalogueRow>(
    `SELECT ${refColumns}, recipe, origins, created_at, swept_at, swept_by, swept_why, unrepeatable,
       greatest(asked_at, (SELECT max(used_at) FROM training.dataset_use AS use WHERE use.digest = dataset.digest)) AS asked_at,
       pg_total_relation_size(to_regclass(format('training.%I', table_name))) AS bytes,
       coalesce((SELECT json_agg(json_build_object('runId', run_id, 'model', model, 'context', context, 'usedAt', used_at)
         ORDER BY used_at, run_id) FROM training.dataset_use AS use WHERE use.digest = dataset.digest), '[]') AS uses
     FROM training.dataset WHERE ${condition} ORDER BY created_at DESC, table_name`,
  );
  return rows.map(toDataset);
}

function toDataset(row: CatalogueRow): CataloguedDataset {
  const { swept_at: at, swept_by: by, swept_why: why, unrepeatable, bytes } = row;
  return {
    ref: toRef(row),
    recipe: parseStored(datasetRecipeSchema, 'dataset recipe', row.recipe) as DatasetRecipe,
    origins: row.origins.map((origin) => parseStored(datasetOriginSchema, 'origin of a dataset', origin)),
    createdAt: row.created_at,
    askedAt: row.asked_at,
    bytes: bytes === null ? null : Number(bytes),
    swept: at === null || bytes !== null ? null : { at, by: by ?? '', why: why ?? '' },
    unrepeatable,
    uses: row.uses.map((use) => ({ ...use, usedAt: new Date(use.usedAt) })),
  };
}

function ambiguous(name: string, found: readonly CataloguedDataset[]): SlipwayError {
  return new SlipwayError('invalid_argument', {
    what: `${found.length} datasets have a digest that begins with ${name}`,
    expected: found.map(({ ref }) => ref.table).join(' or '),
    next: 'Give more of the digest, or one of these table names',
  });
}
