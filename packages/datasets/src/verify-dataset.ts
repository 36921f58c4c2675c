import type { DatasetRef } from '@slipway/contracts';
import type { Queryable } from '@slipway/database';
import { checkColumns } from './check-columns.ts';
import { datasetDamaged } from './dataset-damaged.ts';
import { digestTable } from './digest-table.ts';

/**
 * Computes a stored table's digest again, after looking that it has the columns it was registered with.
 * @throws SlipwayError `dataset_damaged` when the table is gone or has other columns or content
 */
export async function verifyDataset(queryable: Queryable, ref: DatasetRef): Promise<void> {
  await checkColumns(queryable, ref);
  const { digest } = await digestTable(queryable, ref, ref.columns);
  if (digest !== ref.digest) throw datasetDamaged(ref, `digest ${digest.slice(0, 16)}`);
}
