import { createHash } from 'node:crypto';
import { canonicalJson, type CellValue, type Relation } from '@slipway/contracts';
import {
  quoteIdentifier,
  quoteTable,
  typedParameter,
  type Database,
  type Queryable,
  type Transaction,
} from '@slipway/database';
import { isSplitRecipe } from './dataset-recipe.ts';
import { listDatasets, type CataloguedDataset } from './list-datasets.ts';

export interface Erasure {
  /** The feature table, or the source of the relations, that the key is of. */
  readonly source: string;
  /** Entity key by column; a time as microseconds since 1970-01-01 UTC. */
  readonly key: Readonly<Record<string, CellValue>>;
  readonly who: string;
  readonly reason: string;
}

/**
 * The stored datasets that hold an entity: made from that source, with a row of that key. Where nobody can tell, one counts
 * as holding it: it lacks a column of the key, its rows are of another table that the source was joined to, or its table is
 * gone.
 */
export async function findDatasetsHolding(
  queryable: Queryable,
  { source, key }: Pick<Erasure, 'source' | 'key'>,
): Promise<readonly CataloguedDataset[]> {
  const datasets = await listDatasets(queryable);
  const recipes = new Map(datasets.map(({ ref, recipe }) => [ref.digest, recipe]));
  const holding: CataloguedDataset[] = [];
  for (const dataset of datasets) {
    const { recipe, swept, bytes } = dataset;
    // Predictions are of the rows of their test set.
    const made = isSplitRecipe(recipe) ? recipe : recipes.get(recipe.testDigest);
    const relation = made !== undefined && isSplitRecipe(made) ? made.relation : undefined;
    if (swept !== null || (relation !== undefined && !isMadeFrom(relation, source))) continue;
    // A joined table may go by another name for the same key.
    const isUncertain = bytes === null || (relation !== undefined && relation.source !== source);
    if (isUncertain || (await holdsKey(queryable, dataset, key))) holding.push(dataset);
  }
  return holding;
}

/**
 * Drops every stored dataset that holds an entity and marks its recipe as unrepeatable, in one transaction with the audit
 * entry, which names the key by its sha256 alone. Repeatable.
 * @returns the datasets that were dropped
 */
export function eraseFromDatasets(
  database: Database,
  erasure: Erasure,
): Promise<readonly CataloguedDataset[]> {
  return database.transaction(async (transaction) => {
    // No build may enter a dataset between the search and the end.
    await transaction.execute('LOCK TABLE training.dataset IN SHARE ROW EXCLUSIVE MODE');
    const holding = await findDatasetsHolding(transaction, erasure);
    for (const dataset of holding) await dropErased(transaction, dataset, erasure);
    await transaction.execute(
      'INSERT INTO training.erasure (key_digest, digests, erased_by, reason) VALUES ($1, $2, $3, $4)',
      [keyDigest(erasure), holding.map(({ ref }) => ref.digest), erasure.who, erasure.reason],
    );
    return holding;
  });
}

async function dropErased(
  transaction: Transaction,
  { ref }: CataloguedDataset,
  { who }: Erasure,
): Promise<void> {
  await transaction.execute(`DROP TABLE IF EXISTS ${quoteTable(ref)}`);
  await transaction.execute(
    `UPDATE training.dataset SET swept_at = clock_timestamp(), swept_by = $2, swept_why = 'erasure',
       unrepeatable = 'rows were erased from it on ' || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD')
     WHERE digest = $1`,
    [ref.digest, who],
  );
}

function isMadeFrom(relation: Relation, source: string): boolean {
  return relation.source === source || Object.hasOwn(relation.watermark, source);
}

async function holdsKey(
  queryable: Queryable,
  { ref }: CataloguedDataset,
  key: Erasure['key'],
): Promise<boolean> {
  const columns = Object.keys(key).map((name) => ref.columns.find((column) => column.name === name));
  if (columns.some((column) => column === undefined)) return true;
  const conditions = columns.map(
    (column, index) => `${quoteIdentifier(column!.name)} = ${typedParameter(index + 1, column!.type)}`,
  );
  const [row] = await queryable.query<{ holds: boolean }>(
    `SELECT EXISTS (SELECT FROM ${quoteTable(ref)} WHERE ${conditions.join(' AND ')}) AS holds`,
    Object.values(key),
  );
  return row?.holds === true;
}

function keyDigest({ source, key }: Erasure): string {
  return createHash('sha256').update(canonicalJson({ source, key })).digest('hex');
}
