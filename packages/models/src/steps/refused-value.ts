import { SlipwayError, tellColumns } from '@slipway/contracts';

/** A value that a step cannot take, by column and row (from 0), never by what it is. */
export function refusedValue(
  column: string,
  row: number,
  problem: { readonly why: string; readonly expected?: string; readonly next?: string },
): SlipwayError {
  const { why, expected, next } = problem;
  return new SlipwayError('value_unsupported', {
    what: `Column ${tellColumns([column])}, row ${row}: ${why}`,
    expected,
    next,
    details: { column, row },
  });
}

/** NULL where the model needs a value. */
export function nullValue(column: string, row: number): SlipwayError {
  return refusedValue(column, row, {
    why: 'the model needs a value and got NULL',
    next: 'Send a value, or add an "impute" step and train again',
  });
}

export function unseenCategory(column: string, row: number, known: number): SlipwayError {
  return refusedValue(column, row, {
    why: 'the model does not know this category',
    expected: `one of the ${known} categories it was trained with`,
    next: 'Correct the value, or set "unseen" in the preprocessing step and train again',
  });
}
