import { SlipwayError, type DatasetRef } from '@slipway/contracts';
import { quoteTable, type Queryable } from '@slipway/database';
import { digestTable } from './digest-table.ts';

/**
 * Computes a stored table's digest again.
 * @throws SlipwayError `dataset_damaged` when the table is gone or has other content than it was registered with
 */
export async function verifyDataset(queryable: Queryable, ref: DatasetRef): Promise<void> {
  const [found] = await queryable.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    quoteTable(ref),
  ]);
  if (found?.exists !== true) throw damaged(ref, 'no table of that name');
  const { digest } = await digestTable(queryable, ref, ref.columns);
  if (digest !== ref.digest) throw damaged(ref, `digest ${digest.slice(0, 16)}`);
}

function damaged(ref: DatasetRef, received: string): SlipwayError {
  return new SlipwayError('dataset_damaged', {
    what: `The dataset ${ref.schema}.${ref.table} is not what was registered`,
    expected: `digest ${ref.digest.slice(0, 16)}`,
    received,
    next: 'Somebody changed or dropped it by hand: restore it from a backup',
  });
}
