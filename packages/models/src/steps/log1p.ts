import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';

/** Natural logarithm of 1 + value; every value must be above -1. */
export const log1p = defineNumberStep({
  config: z.strictObject({ step: z.literal('log1p'), columns: columnNames }),
  fitted: z.strictObject({ step: z.literal('log1p'), columns: z.array(z.string()) }),
  fitVersion: 1,
  fit: (step) => step,
  operations: ({ columns }) => columns.map((column) => ({ column, operation: { kind: 'log1p' } })),
});
