import { SlipwayError, tellColumns } from '@slipway/contracts';
import type { FeatureMatrix } from '@slipway/models';
import type { TrainingRows } from './estimator-family.ts';

/** @throws SlipwayError `fit_failed` for no row, another number of values than of rows, and what is not finite */
export function checkTrainingRows({ features, target }: TrainingRows): void {
  checkRowCount(features.rowCount, target);
  features.columns.forEach((column, place) => {
    checkDoubles(`The column ${tellColumns([features.names[place]!])}`, column);
    if (column.length !== features.rowCount) throw otherLength(features, place);
  });
  const place = features.columns.findIndex((column) => !column.every(Number.isFinite));
  if (place !== -1) throw notFinite(`The column ${tellColumns([features.names[place]!])}`);
  if (!target.every(Number.isFinite)) throw notFinite('The target');
}

/** @throws SlipwayError `fit_failed` */
export function checkRowCount(rowCount: number, target: Float64Array): void {
  checkDoubles('The target', target);
  if (rowCount > 0 && target.length === rowCount) return;
  throw new SlipwayError('fit_failed', {
    what: 'Features and target do not form a training set',
    expected: rowCount === 0 ? 'at least 1 row' : `${rowCount} target values`,
    received: `${rowCount === 0 ? 0 : target.length}`,
    next: rowCount === 0 ? 'Load rows, or widen what is selected' : 'Give one target for every row',
  });
}

/** Programs without types pass lists of numbers too. */
function checkDoubles(what: string, values: unknown): void {
  if (values instanceof Float64Array) return;
  throw new SlipwayError('fit_failed', {
    what: `${what} has no values that can be fitted`,
    expected: 'a Float64Array',
    next: 'Make one with "Float64Array.from(values)"',
  });
}

function otherLength({ names, columns, rowCount }: FeatureMatrix, place: number): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `The column ${tellColumns([names[place]!])} has another number of values than there are rows`,
    expected: `${rowCount}`,
    received: `${columns[place]!.length}`,
    next: 'Give one value for every row',
  });
}

function notFinite(what: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `${what} has a value that is not finite`,
    expected: 'numbers in every row',
    next: 'Impute, clip or drop it in the preprocessing, or leave the row out',
  });
}
