import { SlipwayError, type Relation } from '@slipway/contracts';
import {
  quoteIdentifier,
  quoteTable,
  type Database,
  type TableName,
  type Transaction,
} from '@slipway/database';
import { checkStrata } from './check-strata.ts';
import { checkValues } from './check-values.ts';
import { createSideTable } from './create-side-table.ts';
import { rowKeyOf } from './is-test-row.ts';
import { resolveSplit } from './resolve-split.ts';
import { sealDataset, type StoredDataset } from './seal-dataset.ts';
import type { Split, SplitSide } from './split-schema.ts';

export interface TrainTestOptions {
  /** Rows whose target is NULL are left out. */
  readonly relation: Relation;
  readonly split: Split;
}

/**
 * Builds the training and the test table of a relation inside Postgres, in one transaction: no row passes through this
 * process, and a crash leaves nothing behind. The same content is stored once, also when built twice at once.
 * @throws SlipwayError `dataset_empty`, `key_duplicate`, `dataset_overlap`, `dataset_damaged`, `value_unsupported`,
 * `configuration_invalid`
 */
export function buildTrainTest(
  database: Database,
  { relation, split: configured }: TrainTestOptions,
): Promise<{ readonly train: StoredDataset; readonly test: StoredDataset }> {
  return database.transaction(async (transaction) => {
    await transaction.execute(parallelScans);
    const split = await resolveSplit(transaction, relation, configured);
    const train = await createSideTable(transaction, { relation, split, side: 'train' });
    const test = await createSideTable(transaction, { relation, split, side: 'test' });
    for (const side of [train, test]) await checkSide(transaction, side, relation);
    await checkKeys(transaction, relation, [train, test]);
    if (split.kind === 'stratified') await checkStrata(transaction, { by: split.by, train, test });
    const { source, columns } = relation;
    const keyColumns = rowKeyOf(relation);
    const seal = (side: SplitSide, build: TableName): Promise<StoredDataset> => {
      const recipe = { formatVersion: 1, relation, split, side } as const;
      return sealDataset(transaction, build, { kind: side, source, columns, recipe, keyColumns });
    };
    return { train: await seal('train', train), test: await seal('test', test) };
  });
}

function checkSide(transaction: Transaction, side: TableName, relation: Relation): Promise<void> {
  const { source, columns } = relation;
  return checkValues(transaction, side, { source, columns, key: rowKeyOf(relation) });
}

/**
 * The planner takes a row for cheap to make and dear to hand over, and so hashes all of them in one process. Until the
 * transaction ends only.
 */
const parallelScans = `SELECT set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true),
  set_config('work_mem', '64MB', true)`;

/** Row keys are unique, and so the two sides are disjoint: checked, not assumed. */
async function checkKeys(
  transaction: Transaction,
  relation: Relation,
  [train, test]: readonly [TableName, TableName],
): Promise<void> {
  const key = rowKeyOf(relation).map(quoteIdentifier).join(', ');
  const [found] = await transaction.query<{ keys: string; shared: string }>(
    `SELECT count(*) AS keys, count(*) FILTER (WHERE first < last) AS shared FROM (
       SELECT min(side) AS first, max(side) AS last FROM (
         SELECT ${key}, 1 AS side FROM ${quoteTable(train)} UNION ALL SELECT ${key}, 2 FROM ${quoteTable(test)}) AS rows
       GROUP BY ${key} HAVING count(*) > 1) AS repeated`,
  );
  const [keys, shared] = [Number(found?.keys ?? 0), Number(found?.shared ?? 0)];
  if (keys === 0) return;
  throw new SlipwayError(shared > 0 ? 'dataset_overlap' : 'key_duplicate', {
    what: `${keys} row keys of ${relation.source} come more than once, ${shared} of them on both sides of the split`,
    expected: 'each entity key and event time once',
    next: 'Correct the source, or add the column that tells the rows apart to the entity key',
  });
}
