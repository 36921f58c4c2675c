import { z } from 'zod';
import { meanAndDeviation } from '../mean-and-deviation.ts';
import { columnNames } from './column-names.ts';
import { defineNumberStep } from './number-step.ts';
import { completeNumbers } from './training-values.ts';

/** (value - mean) / standard deviation of the training rows (population form); a constant column becomes 0. */
export const standardise = defineNumberStep({
  config: z.strictObject({ step: z.literal('standardise'), columns: columnNames }),
  fitted: z.strictObject({
    step: z.literal('standardise'),
    scales: z.array(z.strictObject({ column: z.string(), mean: z.number(), deviation: z.number() })),
  }),
  fitVersion: 2,
  fit: ({ columns }, batch) => ({
    step: 'standardise' as const,
    scales: columns.map((column) => ({
      column,
      ...meanAndDeviation(completeNumbers(batch, column, 'standardised')),
    })),
  }),
  operations: ({ scales }) =>
    scales.map(({ column, mean, deviation }) => ({
      column,
      operation: { kind: 'scale', centre: mean, spread: deviation },
    })),
});
