import { SlipwayError, tellColumns } from '@slipway/contracts';
import type { TrainingRows } from './estimator-family.ts';

/** @throws SlipwayError `fit_failed` for no row, another number of targets than of rows, and what is not finite */
export function checkTrainingRows({ features, target }: TrainingRows): void {
  checkRowCount(features.rowCount, target);
  const place = features.columns.findIndex((column) => !column.every(Number.isFinite));
  if (place !== -1) throw notFinite(`The column ${tellColumns([features.names[place]!])}`);
  if (!target.every(Number.isFinite)) throw notFinite('The target');
}

/** @throws SlipwayError `fit_failed` */
export function checkRowCount(rowCount: number, target: Float64Array): void {
  if (target.length > 0 && target.length === rowCount) return;
  throw new SlipwayError('fit_failed', {
    what: 'Features and target do not form a training set',
    expected: `${rowCount} target values, at least 1`,
    received: `${target.length}`,
    next: 'Give one target for every row',
  });
}

function notFinite(what: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `${what} has a value that is not finite`,
    expected: 'numbers in every row',
    next: 'Impute, clip or drop it in the preprocessing, or leave the row out',
  });
}
