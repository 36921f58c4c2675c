import { columnsWithRole, SlipwayError, type Relation } from '@slipway/contracts';
import {
  inlineParameters,
  postgresTypes,
  quoteIdentifier,
  quoteTable,
  type Database,
  type TableName,
  type Transaction,
} from '@slipway/database';
import { buildTable, sealDataset, type StoredDataset } from './seal-dataset.ts';
import { rowKeyOf, splitConditions } from './split-condition.ts';
import type { Split } from './split-schema.ts';

export interface TrainTestOptions {
  /** Rows whose target is NULL are left out. */
  readonly relation: Relation;
  readonly split: Split;
}

/**
 * Builds the training and the test table of a relation inside Postgres, in one transaction: no row passes through this
 * process, and a crash leaves nothing behind. The same content is stored once, also when built twice at once.
 * @throws SlipwayError `dataset_empty`, `key_duplicate`, `dataset_overlap`, `dataset_damaged`, `configuration_invalid`
 */
export function buildTrainTest(
  database: Database,
  { relation, split }: TrainTestOptions,
): Promise<{ readonly train: StoredDataset; readonly test: StoredDataset }> {
  const conditions = splitConditions(relation, split);
  return database.transaction(async (transaction) => {
    const train = await createBuild(transaction, relation, conditions.train);
    const test = await createBuild(transaction, relation, conditions.test);
    await checkKeys(transaction, relation, [train, test]);
    const { source, columns } = relation;
    const recipe = (side: 'train' | 'test'): object => ({ formatVersion: 1, relation, split, side });
    return {
      train: await sealDataset(transaction, train, {
        kind: 'train',
        source,
        columns,
        recipe: recipe('train'),
      }),
      test: await sealDataset(transaction, test, { kind: 'test', source, columns, recipe: recipe('test') }),
    };
  });
}

async function createBuild(
  transaction: Transaction,
  relation: Relation,
  condition: string,
): Promise<TableName> {
  const build = buildTable();
  const list = relation.columns
    .map(({ name, type }) => `${quoteIdentifier(name)}::${postgresTypes[type]} AS ${quoteIdentifier(name)}`)
    .join(', ');
  const targets = columnsWithRole(relation, 'target').map((name) => `${quoteIdentifier(name)} IS NOT NULL`);
  const rows = inlineParameters(relation.sql, relation.parameters);
  const filter = [condition, ...targets].join(' AND ');
  const created = await transaction.execute(
    `CREATE TABLE ${quoteTable(build)} AS SELECT ${list} FROM (${rows}\n) AS relation WHERE ${filter}`,
  );
  if (created > 0) return build;
  throw new SlipwayError('dataset_empty', {
    what: `The split of ${relation.source} leaves no rows on one side`,
    next: 'Load more data, or change the split',
  });
}

/** Row keys are unique, and so the two sides are disjoint: checked, not assumed. */
async function checkKeys(
  transaction: Transaction,
  relation: Relation,
  [train, test]: readonly [TableName, TableName],
): Promise<void> {
  const key = rowKeyOf(relation).map(quoteIdentifier).join(', ');
  const [found] = await transaction.query<{ keys: string; shared: string }>(
    `SELECT count(*) AS keys, count(*) FILTER (WHERE sides > 1) AS shared FROM (
       SELECT count(DISTINCT side) AS sides FROM (
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
