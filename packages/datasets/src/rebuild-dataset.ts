import { SlipwayError, type DatasetRef, type Digest } from '@slipway/contracts';
import type { Database, TableName, Transaction } from '@slipway/database';
import { createSideTable } from './create-side-table.ts';
import { isSplitRecipe, type SplitRecipe } from './dataset-recipe.ts';
import { holdOffErasures } from './hold-off-erasures.ts';
import { getDataset, type CataloguedDataset } from './list-datasets.ts';
import { preferParallelPlans } from './prefer-parallel-plans.ts';
import { sealDataset, type StoredDataset } from './seal-dataset.ts';
import { verifyDataset } from './verify-dataset.ts';
import { withPlacedRows } from './with-placed-rows.ts';

/**
 * Builds a training or test table that was dropped again from its recipe, to the same digest or not at all. One that is
 * stored is verified instead.
 * @throws SlipwayError `dataset_not_found`; `dataset_unrepeatable` when the source no longer gives these rows, when
 * somebody was erased from them, or when they are predictions; `dataset_damaged`
 */
export async function rebuildDataset(database: Database, digest: Digest): Promise<StoredDataset> {
  const dataset = await getDataset(database, digest);
  const { ref, recipe, swept, bytes, unrepeatable } = dataset;
  if (swept === null && bytes !== null) {
    await verifyDataset(database, ref);
    return { ref, created: false };
  }
  if (unrepeatable !== null) throw refused(ref, unrepeatable);
  if (!isSplitRecipe(recipe)) {
    throw refused(
      ref,
      `predictions are made by their model, on the test set ${recipe.testDigest.slice(0, 16)}`,
      {
        next: 'Score that test set with the model again, or restore the table from a backup',
      },
    );
  }
  return database.transaction(async (transaction) => {
    await holdOffErasures(transaction);
    await preferParallelPlans(transaction);
    const build = await buildFrom(transaction, dataset, recipe);
    const { source, columns } = recipe.relation;
    const rebuilt = await sealDataset(transaction, build, { kind: recipe.side, source, columns, recipe });
    checkSame(ref, rebuilt.ref);
    return rebuilt;
  });
}

async function buildFrom(
  transaction: Transaction,
  { ref }: CataloguedDataset,
  recipe: SplitRecipe,
): Promise<TableName> {
  try {
    return await withPlacedRows(transaction, recipe, (placed) =>
      createSideTable(transaction, placed, recipe.side),
    );
  } catch (error) {
    if (!isOfSource(error)) throw error;
    throw refused(ref, `its source ${recipe.relation.source} cannot be read as it was: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Whether a failure lies in what the source is now, and would come again: a table or column that is gone or another (class 42),
 * a value its query cannot take (class 22). A deadlock, a timeout or a cancelled statement passes.
 */
function isOfSource(error: unknown): error is SlipwayError {
  if (!SlipwayError.isInstance(error)) return false;
  if (error.code === 'database_query_failed') return /^(42|22)/.test(String(error.details['sqlState']));
  return ['dataset_empty', 'load_swept'].includes(error.code);
}

/** What is refused here was sealed already: the transaction takes it back. */
function checkSame(ref: DatasetRef, { digest, rowCount }: DatasetRef): void {
  if (digest === ref.digest) return;
  const received = `${rowCount} rows with digest ${digest.slice(0, 16)}`;
  throw refused(
    ref,
    `its source changed since: expected ${ref.rowCount} rows with digest ${ref.digest.slice(0, 16)}, received ${received}`,
  );
}

const takeNewer = 'Train on newer data with "slipway retrain", or restore the table from a backup';

function refused(
  ref: DatasetRef,
  why: string,
  { next = takeNewer, cause }: { readonly next?: string; readonly cause?: unknown } = {},
): SlipwayError {
  return new SlipwayError('dataset_unrepeatable', {
    what: `The dataset ${ref.table} cannot be built again: ${why}`,
    next,
    cause,
  });
}
