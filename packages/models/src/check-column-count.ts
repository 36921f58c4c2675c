import { SlipwayError } from '@slipway/contracts';

/** @throws SlipwayError `schema_mismatch` when an estimator was fitted on another number of columns */
export function checkColumnCount(columns: readonly unknown[], expected: number): void {
  if (columns.length === expected) return;
  throw new SlipwayError('schema_mismatch', {
    what: 'The features do not fit the estimator',
    expected: `${expected} columns`,
    received: `${columns.length}`,
    next: 'Give the columns that it was fitted on, or fit it again',
  });
}
