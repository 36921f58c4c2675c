import { z } from 'zod';

const columns = z.array(z.string());

/** A preprocessing step with what it learnt from the training rows: data only, never code. */
export const fittedStepSchema = z.discriminatedUnion('step', [
  z.strictObject({
    step: z.literal('ordinal'),
    columns,
    order: z.array(z.string()),
    unseen: z.enum(['refuse', 'after']),
  }),
  z.strictObject({
    step: z.literal('oneHot'),
    /** Categories in the order of their output columns; `base` has none of its own. */
    encodings: z.array(
      z.strictObject({ column: z.string(), base: z.string().nullable(), categories: z.array(z.string()) }),
    ),
    unseen: z.enum(['refuse', 'ignore']),
  }),
  z.strictObject({ step: z.literal('log'), columns }),
  z.strictObject({
    step: z.literal('impute'),
    fills: z.array(z.strictObject({ column: z.string(), value: z.union([z.number(), z.string()]) })),
  }),
  z.strictObject({
    step: z.literal('standardise'),
    scales: z.array(z.strictObject({ column: z.string(), mean: z.number(), deviation: z.number() })),
  }),
  z.strictObject({ step: z.literal('drop'), columns }),
]);

export type FittedStep = z.infer<typeof fittedStepSchema>;
