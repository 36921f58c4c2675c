import { SlipwayError } from '@slipway/contracts';

/** The error for a digest or a table name that no dataset has. */
export function datasetNotFound(name: string): SlipwayError {
  const isDigest = /^[0-9a-f]{64}$/.test(name);
  const isShort = /^[0-9a-f]{1,7}$/.test(name);
  return new SlipwayError('dataset_not_found', {
    what: isDigest
      ? `There is no dataset with digest ${name.slice(0, 16)}`
      : 'There is no dataset of that name',
    ...(isDigest ? {} : { received: JSON.stringify(name) }),
    next: isDigest
      ? 'It was swept, or belongs to another database'
      : `${isShort ? 'Give at least 8 characters of a digest; ' : ''}"slipway datasets list" shows them all`,
  });
}
