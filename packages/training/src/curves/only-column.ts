import { SlipwayError, tellColumns } from '@slipway/contracts';
import type { FeatureMatrix } from '@slipway/models';

/** A column with the range of its values. */
export interface ScaledColumn {
  /** For messages: in quotes, without the category of a one-hot column. */
  readonly told: string;
  readonly values: Float64Array;
  /** The middle of the range, and half of its width: scaled by them the values lie within -1 and 1. */
  readonly centre: number;
  readonly spread: number;
}

/**
 * The one column of a family that fits a curve.
 * @throws SlipwayError `parameter_invalid` when preprocessing leaves another number, `fit_failed` for a column of one value
 */
export function onlyColumn(family: string, { names, columns }: FeatureMatrix): ScaledColumn {
  const [values] = columns;
  if (values === undefined || columns.length > 1) {
    throw new SlipwayError('parameter_invalid', {
      what: `The family "${family}" fits a curve of one column`,
      received: `${columns.length} after preprocessing${columns.length === 0 ? '' : `: ${tellColumns(names)}`}`,
      next: 'Name one feature, or drop the others in the preprocessing',
    });
  }
  const told = tellColumns([names[0]!]);
  const least = values.reduce((smallest, value) => Math.min(smallest, value), Infinity);
  const most = values.reduce((largest, value) => Math.max(largest, value), -Infinity);
  if (!(most > least)) throw flat(family, told);
  return { told, values, centre: least / 2 + most / 2, spread: most / 2 - least / 2 };
}

/** @throws SlipwayError `fit_failed` when there are no more rows than coefficients, or fewer values */
export function checkEnough(family: string, { told, values }: ScaledColumn, coefficients: number): void {
  const distinct = new Set(values).size;
  if (distinct >= coefficients) return;
  throw new SlipwayError('fit_failed', {
    what: `The family "${family}" has more coefficients than the column ${told} has values`,
    expected: `at least ${coefficients} different values`,
    received: `${distinct}`,
    next: 'Lower "degree"',
  });
}

/** @throws SlipwayError `fit_failed` when some value is not above 0, by its row */
export function checkPositive(what: string, values: Float64Array): void {
  const row = values.findIndex((value) => !(value > 0));
  if (row === -1) return;
  throw new SlipwayError('fit_failed', {
    what: `${what} of row ${row} is not above 0, so it has no logarithm`,
    next: 'Choose another family, or leave the row out',
  });
}

function flat(family: string, told: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `The family "${family}" needs a column that varies, and ${told} has one value`,
    next: 'Choose another feature',
  });
}
