import { SlipwayError, type DatasetRef } from '@slipway/contracts';

/** The error for a stored table that is not what was registered. */
export function datasetDamaged(ref: DatasetRef, received: string): SlipwayError {
  return new SlipwayError('dataset_damaged', {
    what: `The dataset ${ref.schema}.${ref.table} is not what was registered`,
    expected: `digest ${ref.digest.slice(0, 16)}`,
    received,
    next: 'Somebody changed or dropped it by hand: drop what is there and run the command again, which builds it anew while its source gives the same rows, or restore it from a backup',
  });
}
