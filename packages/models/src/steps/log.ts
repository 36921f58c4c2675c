import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';

/** Natural logarithm; every value must be above 0. */
export const log = defineNumberStep({
  config: z.strictObject({ step: z.literal('log'), columns: columnNames }),
  fitted: z.strictObject({ step: z.literal('log'), columns: z.array(z.string()) }),
  fitVersion: 1,
  fit: (step) => step,
  operations: ({ columns }) => columns.map((column) => ({ column, operation: { kind: 'log' } })),
});
