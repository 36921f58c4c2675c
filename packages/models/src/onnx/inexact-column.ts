import { SlipwayError, tellColumns } from '@slipway/contracts';
import type { NumberColumn } from './graph-column.ts';

/**
 * The error for what compares a column with learnt values that lie on it: a ratio or product of logarithms, whose last bit
 * Python computes otherwise, would go the other way.
 * @param what stands on the column, such as "A forest on"
 */
export function inexactColumn(what: string, { name, inexact }: NumberColumn): SlipwayError {
  return new SlipwayError('parameter_invalid', {
    what: `${what} the column ${tellColumns([name])} cannot be exported for Python, which computes logarithms to another last bit`,
    received: `a step after ${inexact}`,
    next: 'Put the "ratio" or "product" step before the logarithm',
  });
}
