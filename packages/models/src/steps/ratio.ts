import { getNumericColumn } from '@slipway/contracts';
import { z } from 'zod';
import { finiteOrNull } from './finite-or-null.ts';
import { addColumn } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';

const name = z.string().min(1);

/** One column divided by another, as a column of its own. What is not finite, as over 0, is NULL: impute it. */
const ratioSchema = z.strictObject({
  step: z.literal('ratio'),
  numerator: name,
  denominator: name,
  as: name,
});

export const ratio = defineStep({
  config: ratioSchema,
  fitted: ratioSchema,
  fitVersion: 1,
  fit: (step) => step,
  compile:
    ({ numerator, denominator, as }) =>
    (batch) => {
      const over = getNumericColumn(batch, denominator).values;
      const values = getNumericColumn(batch, numerator).values.map((value, row) =>
        finiteOrNull(value / over[row]!),
      );
      return addColumn(batch, { name: as, type: 'double', values });
    },
});
