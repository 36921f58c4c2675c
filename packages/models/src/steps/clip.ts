import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';

const limits = { lower: z.number().optional(), upper: z.number().optional() };

/** Values outside of limits to the nearest one. */
export const clip = defineNumberStep({
  config: z
    .strictObject({ step: z.literal('clip'), columns: columnNames, ...limits })
    .refine(
      ({ lower, upper }) => (lower ?? upper) !== undefined && (lower ?? -Infinity) < (upper ?? Infinity),
      {
        message: '"clip" needs "lower" or "upper", and "lower" below "upper"',
      },
    ),
  fitted: z.strictObject({ step: z.literal('clip'), columns: z.array(z.string()), ...limits }),
  fitVersion: 1,
  fit: (step) => step,
  operations: ({ columns, lower = -Infinity, upper = Infinity }) =>
    columns.map((column) => ({ column, operation: { kind: 'clip', lower, upper } })),
});
