import { z } from 'zod';

const columns = z.array(z.string().min(1)).min(1);

/** Text to its place in `order`, from 0. `unseen`: `refuse` a text not in `order`, or give it the place `after` the last. */
const ordinal = z.strictObject({
  step: z.literal('ordinal'),
  columns,
  order: z.array(z.string()).min(1),
  unseen: z.enum(['refuse', 'after']).default('refuse'),
});

/**
 * Text to one 0/1 column per category of the training rows, named `<column>=<category>`. `dropFirst` leaves out the
 * first category (in code-unit order), which a linear model needs. `unseen: 'ignore'` gives zeros everywhere, which with
 * `dropFirst` is the first category: so the default is `refuse`.
 */
const oneHot = z.strictObject({
  step: z.literal('oneHot'),
  columns,
  dropFirst: z.boolean().default(false),
  unseen: z.enum(['refuse', 'ignore']).default('refuse'),
});

/** Natural logarithm; every value must be above 0. */
const log = z.strictObject({ step: z.literal('log'), columns });

/** NULL to the mean or median of the training rows, or to a constant. */
const impute = z.strictObject({
  step: z.literal('impute'),
  columns,
  with: z.union([
    z.enum(['mean', 'median']),
    z.strictObject({ constant: z.union([z.number(), z.string()]) }),
  ]),
});

/** (value - mean) / standard deviation of the training rows (population form); a constant column becomes 0. */
const standardise = z.strictObject({ step: z.literal('standardise'), columns });

/** Leaves columns out. */
const drop = z.strictObject({ step: z.literal('drop'), columns });

/** The steps of a configuration, applied in order to the training rows and to every request alike. */
export const preprocessingSchema = z.array(
  z.discriminatedUnion('step', [ordinal, oneHot, log, impute, standardise, drop]),
);

export type PreprocessingStep = z.output<typeof preprocessingSchema>[number];

/** Raised when a step gives other numbers for the same input. */
export const stepFitVersions = {
  ordinal: 1,
  oneHot: 1,
  log: 1,
  impute: 1,
  standardise: 1,
  drop: 1,
} as const satisfies Record<PreprocessingStep['step'], number>;
