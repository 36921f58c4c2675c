import { createHash } from 'node:crypto';
import { canonicalJson, SlipwayError, type CellValue } from '@slipway/contracts';
import {
  quoteIdentifier,
  quoteTable,
  readColumns,
  typedParameter,
  type Database,
  type Queryable,
  type Transaction,
} from '@slipway/database';
import type { DatasetOrigin } from './dataset-origin.ts';
import { hasColumn } from './has-column.ts';
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
 * The stored datasets that hold an entity: whose content that source gave, whatever else gave the same, with a row of that
 * key. Where nobody can tell, one counts as holding it: it lacks a column of the key or somebody changed that column, its rows
 * are of another table that the source was joined to, or its table is gone. One that was swept and restored from a backup is
 * stored.
 * @throws SlipwayError `configuration_invalid` for a key without values
 */
export async function findDatasetsHolding(
  queryable: Queryable,
  { source, key }: Pick<Erasure, 'source' | 'key'>,
): Promise<readonly CataloguedDataset[]> {
  checkKey(key);
  const datasets = await listDatasets(queryable);
  const originsOf = traceOrigins(datasets);
  const holding: CataloguedDataset[] = [];
  for (const dataset of datasets.filter(({ swept }) => swept === null)) {
    const made = originsOf(dataset).filter(
      (origin) => origin === undefined || origin.source === source || origin.tables.includes(source),
    );
    if (made.length === 0) continue;
    // A joined table may go by another name for the same key.
    const isJoined = made.some((origin) => origin !== undefined && origin.source !== source);
    const isUncertain = dataset.bytes === null || isJoined;
    if (isUncertain || (await holdsKey(queryable, dataset, key))) holding.push(dataset);
  }
  return holding;
}

/**
 * Drops every stored dataset that holds an entity and marks its recipe as unrepeatable, in one transaction with the audit
 * entry, which names the key by its sha256 alone. Repeatable.
 * @returns the datasets that were dropped
 * @throws SlipwayError `configuration_invalid` for a key without values
 */
export async function eraseFromDatasets(
  database: Database,
  erasure: Erasure,
): Promise<readonly CataloguedDataset[]> {
  checkKey(erasure.key);
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

/** NULL is equal to no row: nothing would be found, and the audit would say that it was erased. */
function checkKey(key: Erasure['key']): void {
  const values = Object.values(key ?? {});
  if (values.length > 0 && values.every((value) => value !== null && value !== undefined)) return;
  throw new SlipwayError('configuration_invalid', {
    what: 'The key of an erasure names no entity',
    expected: 'a value for each column of the entity key',
    next: 'Give them all; nothing was erased',
  });
}

type SourceOrigin = Extract<DatasetOrigin, { source: string }>;

/** The origins of every dataset by digest, those of predictions being the ones of their test set; undefined is unknown. */
function traceOrigins(
  datasets: readonly CataloguedDataset[],
): (dataset: CataloguedDataset) => readonly (SourceOrigin | undefined)[] {
  const known = new Map(datasets.map(({ ref, origins }) => [ref.digest, origins]));
  const trace = (origin: DatasetOrigin): readonly (SourceOrigin | undefined)[] => {
    if ('source' in origin) return [origin];
    const ofTest = known.get(origin.testDigest) ?? [];
    return ofTest.map((found) => ('source' in found ? found : undefined));
  };
  return ({ origins }) => origins.flatMap(trace);
}

async function holdsKey(
  queryable: Queryable,
  { ref }: CataloguedDataset,
  key: Erasure['key'],
): Promise<boolean> {
  const columns = ref.columns.filter(({ name }) => Object.hasOwn(key, name));
  const found = await readColumns(queryable, ref);
  const isKeyThere =
    columns.length === Object.keys(key).length && columns.every((column) => hasColumn(found, column));
  if (!isKeyThere) return true;
  const conditions = columns.map(
    ({ name, type }, index) => `${quoteIdentifier(name)} = ${typedParameter(index + 1, type)}`,
  );
  const [row] = await queryable.query<{ holds: boolean }>(
    `SELECT EXISTS (SELECT FROM ${quoteTable(ref)} WHERE ${conditions.join(' AND ')}) AS holds`,
    columns.map(({ name }) => key[name]),
  );
  return row?.holds === true;
}

function keyDigest({ source, key }: Erasure): string {
  return createHash('sha256').update(canonicalJson({ source, key })).digest('hex');
}
