import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';
import { completeNumbers, meanOf } from './training-values.ts';

/** (value - mean) / standard deviation of the training rows (population form); a constant column becomes 0. */
export const standardise = defineNumberStep({
  config: z.strictObject({ step: z.literal('standardise'), columns: columnNames }),
  fitted: z.strictObject({
    step: z.literal('standardise'),
    scales: z.array(z.strictObject({ column: z.string(), mean: z.number(), deviation: z.number() })),
  }),
  fitVersion: 1,
  fit: ({ columns }, batch) => ({
    step: 'standardise' as const,
    scales: columns.map((column) => {
      const values = completeNumbers(batch, column, 'standardised');
      const mean = meanOf(values);
      return { column, mean, deviation: Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) };
    }),
  }),
  operations: ({ scales }) =>
    scales.map(({ column, mean, deviation }) => ({
      column,
      operation: { kind: 'scale', centre: mean, spread: deviation },
    })),
});
