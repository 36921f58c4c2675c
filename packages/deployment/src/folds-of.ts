import { getColumn, getNumericColumn, SlipwayError, type ColumnBatch } from '@slipway/contracts';
import type { Split } from '@slipway/datasets';
import { groupFolds, kFold, timeFolds, type Fold } from '@slipway/training';

/**
 * Folds of training rows that hold out as the split of a model does: groups stay together, and what came later is scored by
 * what came before.
 * @param options.seed of random folds
 * @throws SlipwayError `parameter_invalid` for more folds than rows, groups or times; `schema_mismatch` for a column that is
 * not in the rows
 */
export function foldsOf(
  split: Split,
  rows: ColumnBatch,
  {
    folds,
    seed,
    eventTime,
  }: { readonly folds: number; readonly seed: number; readonly eventTime: string | undefined },
): Fold[] {
  switch (split.kind) {
    case 'group':
      return groupFolds(getColumn(rows, split.by).values, { folds });
    case 'time':
      return timeFolds(timesIn(rows, eventTime), { folds, gapHours: split.gapHours });
    case 'random':
    case 'stratified':
      return kFold(rows.rowCount, { folds, seed });
  }
}

function timesIn(rows: ColumnBatch, eventTime: string | undefined): Float64Array {
  if (eventTime !== undefined) return getNumericColumn(rows, eventTime).values;
  throw new SlipwayError('schema_mismatch', { what: 'The training set has no event time to split by' });
}
