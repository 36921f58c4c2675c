import type { Relation } from '@slipway/contracts';
import type { Database, TableName } from '@slipway/database';
import { checkKeys } from './check-keys.ts';
import { checkStrata } from './check-strata.ts';
import { checkValues } from './check-values.ts';
import { createSideTable } from './create-side-table.ts';
import { holdOffErasures } from './hold-off-erasures.ts';
import { parseBuild } from './parse-build.ts';
import { preferParallelPlans } from './prefer-parallel-plans.ts';
import { resolveSplit } from './resolve-split.ts';
import { rowKeyOf } from './row-key.ts';
import { sealDataset, type StoredDataset } from './seal-dataset.ts';
import type { Split, SplitSide } from './split-schema.ts';
import { withPlacedRows } from './with-placed-rows.ts';

export interface TrainTestOptions {
  /** Rows whose target is NULL are left out. */
  readonly relation: Relation;
  readonly split: Split;
}

/**
 * Builds the training and the test table of a relation inside Postgres, in one transaction: no row passes through this
 * process, and a crash leaves nothing behind. The same content is stored once, also when built twice at once.
 * @throws SlipwayError `dataset_empty`, `key_duplicate`, `dataset_overlap`, `dataset_damaged`, `value_unsupported`;
 * `configuration_invalid` for a relation or a split that no recipe can keep, and when the relation lacks what the split needs;
 * `schema_mismatch` for a long or string that its SQL computes as another type; `load_swept` when its source is read at a load
 * that was swept; `database_encoding` on a session whose client_encoding somebody changed
 */
export async function buildTrainTest(
  database: Database,
  options: TrainTestOptions,
): Promise<{ readonly train: StoredDataset; readonly test: StoredDataset }> {
  const { relation, split: configured } = parseBuild(options);
  return database.transaction(async (transaction) => {
    await holdOffErasures(transaction);
    await preferParallelPlans(transaction);
    const { source, columns } = relation;
    const split = await resolveSplit(transaction, relation, configured);
    const [train, test] = await withPlacedRows(transaction, { relation, split }, async (placed) => {
      await checkValues(transaction, placed.table, { source, columns, key: rowKeyOf(relation) });
      await checkKeys(transaction, placed);
      return [
        await createSideTable(transaction, placed, 'train'),
        await createSideTable(transaction, placed, 'test'),
      ];
    });
    if (split.kind === 'stratified') await checkStrata(transaction, { by: split.by, train, test });
    const seal = (side: SplitSide, build: TableName): Promise<StoredDataset> => {
      const recipe = { formatVersion: 1, relation, split, side } as const;
      return sealDataset(transaction, build, { kind: side, source, columns, recipe });
    };
    return { train: await seal('train', train), test: await seal('test', test) };
  });
}
