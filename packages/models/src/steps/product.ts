import { getNumericColumn } from '@slipway/contracts';
import { z } from 'zod';
import { finiteOrNull } from './finite-or-null.ts';
import { addColumn } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';

const name = z.string().min(1);

/** Columns multiplied, as a column of its own. What is not finite is NULL. */
const productSchema = z.strictObject({ step: z.literal('product'), columns: z.array(name).min(2), as: name });

export const product = defineStep({
  config: productSchema,
  fitted: productSchema,
  fitVersion: 1,
  fit: (step) => step,
  compile:
    ({ columns, as }) =>
    (batch) => {
      const factors = columns.map((column) => getNumericColumn(batch, column).values);
      const values = Float64Array.from({ length: batch.rowCount }, (_, row) =>
        finiteOrNull(factors.reduce((soFar, factor) => soFar * factor[row]!, 1)),
      );
      return addColumn(batch, { name: as, type: 'double', values });
    },
});
