import { getColumn, getNumericColumn, SlipwayError, type ColumnBatch } from '@slipway/contracts';
import type { Split } from '@slipway/datasets';
import { groupFolds, kFold, stratifiedFolds, timeFolds, type Fold } from '@slipway/training';

/**
 * Folds of training rows that hold out as the split of a model does: groups stay together, and what came later is scored by
 * what came before.
 * @throws SlipwayError `parameter_invalid` for more folds than rows, groups or times; `schema_mismatch` for a column that is
 * not in the rows
 */
export function foldsOf(
  split: Split,
  rows: ColumnBatch,
  { folds, eventTime }: { readonly folds: number; readonly eventTime: string | undefined },
): Fold[] {
  switch (split.kind) {
    case 'group':
      return groupFolds(getColumn(rows, split.by).values, { folds });
    case 'time':
      return timeFolds(timesIn(rows, eventTime), { folds, gapHours: split.gapHours });
    case 'stratified':
      return stratifiedFolds(getColumn(rows, split.by).values, { folds, seed: split.seed });
    case 'random':
      return kFold(rows.rowCount, { folds, seed: split.seed });
  }
}

function timesIn(rows: ColumnBatch, eventTime: string | undefined): Float64Array {
  if (eventTime !== undefined) return getNumericColumn(rows, eventTime).values;
  throw new SlipwayError('schema_mismatch', { what: 'The training set has no event time to split by' });
}
