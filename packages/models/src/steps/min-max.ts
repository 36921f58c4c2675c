import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';
import { knownNumbers } from './training-values.ts';

/** The range of the training rows to 0..1; live values may lie outside. A constant column becomes 0. */
export const minMax = defineNumberStep({
  config: z.strictObject({ step: z.literal('minMax'), columns: columnNames }),
  fitted: z.strictObject({
    step: z.literal('minMax'),
    ranges: z.array(z.strictObject({ column: z.string(), from: z.number(), to: z.number() })),
  }),
  fitVersion: 1,
  fit: ({ columns }, batch) => ({
    step: 'minMax' as const,
    ranges: columns.map((column) => {
      const values = knownNumbers(batch, column);
      const least = values.reduce((smallest, value) => Math.min(smallest, value));
      return { column, from: least, to: values.reduce((largest, value) => Math.max(largest, value)) };
    }),
  }),
  operations: ({ ranges }) =>
    ranges.map(({ column, from, to }) => ({
      column,
      operation: { kind: 'scale', centre: from, spread: to - from },
    })),
});
