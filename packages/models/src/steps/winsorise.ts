import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';
import { knownNumbers, quantileOf } from './training-values.ts';

const share = z.number().min(0).max(1);

/** Values outside of two quantiles of the training rows to the nearest one. */
export const winsorise = defineNumberStep({
  config: z
    .strictObject({
      step: z.literal('winsorise'),
      columns: columnNames,
      lower: share.default(0.01),
      upper: share.default(0.99),
    })
    .refine(({ lower, upper }) => lower < upper, { message: '"winsorise" needs "lower" below "upper"' }),
  fitted: z.strictObject({
    step: z.literal('winsorise'),
    limits: z.array(z.strictObject({ column: z.string(), lower: z.number(), upper: z.number() })),
  }),
  fitVersion: 1,
  fit: ({ columns, lower, upper }, batch) => ({
    step: 'winsorise' as const,
    limits: columns.map((column) => {
      const ascending = knownNumbers(batch, column).sort();
      return { column, lower: quantileOf(ascending, lower), upper: quantileOf(ascending, upper) };
    }),
  }),
  operations: ({ limits }) =>
    limits.map(({ column, lower, upper }) => ({ column, operation: { kind: 'clip', lower, upper } })),
});
