import { getColumn, getNumericColumn, SlipwayError, type ColumnBatch } from '@slipway/contracts';

/**
 * The values of a column in the training rows, without NULLs.
 * @throws SlipwayError `fit_failed` when there is none, `schema_mismatch` for text
 */
export function knownNumbers(batch: ColumnBatch, column: string): Float64Array {
  const known = getNumericColumn(batch, column).values.filter((value) => !Number.isNaN(value));
  if (known.length > 0) return known;
  throw noValues(column);
}

/** As {@link knownNumbers}, of a column that may have no NULL. */
export function completeNumbers(batch: ColumnBatch, column: string, step: string): Float64Array {
  const { values } = getNumericColumn(batch, column);
  if (values.length === 0) throw noValues(column);
  if (!values.some(Number.isNaN)) return values;
  throw new SlipwayError('fit_failed', {
    what: `Column "${column}" has NULLs and cannot be ${step}`,
    next: 'Put an "impute" step before it',
  });
}

/** The texts of a column in the training rows, without NULLs. @throws SlipwayError `fit_failed` */
export function knownTexts(batch: ColumnBatch, column: string, step: string): string[] {
  const found = getColumn(batch, column);
  if (found.type !== 'string') {
    throw new SlipwayError('fit_failed', {
      what: `Column "${column}" cannot be ${step}`,
      expected: 'a column of type string',
      received: found.type,
    });
  }
  const known = found.values.filter((text) => text !== null);
  if (known.length > 0) return known;
  throw noValues(column);
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function medianOf(ascending: Float64Array): number {
  const middle = ascending.length >> 1;
  const upper = ascending[middle]!;
  return ascending.length % 2 === 1 ? upper : (ascending[middle - 1]! + upper) / 2;
}

/**
 * The value that a share of the values lies below, between two of them in proportion: type 7 of Hyndman and Fan
 * (doi:10.2307/2684934), the default of numpy, R and pandas.
 * @param share 0 to 1
 */
export function quantileOf(ascending: Float64Array, share: number): number {
  const place = (ascending.length - 1) * share;
  const [below, above] = [ascending[Math.floor(place)]!, ascending[Math.ceil(place)]!];
  const part = place - Math.floor(place);
  // From the nearer end, as numpy does: to the same bit.
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
}

function noValues(column: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `Column "${column}" has no values in the training rows`,
    next: 'Drop it from the features',
  });
}
