import { z } from 'zod';

const randomForestParams = z.strictObject({
  /** Number of trees. */
  nEstimators: z.int().min(1).max(10_000).default(50),
  /**
   * Features each tree may use: a share between 0 and 1, or a whole number from 2; left out, all of them.
   * ml-random-forest reads 1 as "all", not as one, so 1 is refused.
   */
  maxFeatures: z.union([z.number().gt(0).lt(1), z.int().min(2)]).optional(),
  /** Whether a tree may draw the same feature twice. */
  replacement: z.boolean().default(false),
  /** Whether each tree learns from rows drawn with replacement. */
  useSampleBagging: z.boolean().default(true),
  /** A node with this many rows or fewer is a leaf. */
  minNumSamples: z.int().min(1).default(3),
  /** Greatest depth; 0 is a single leaf. Left out, there is no limit. */
  maxDepth: z.int().min(0).optional(),
});

const randomForest = z.strictObject({
  family: z.literal('random-forest'),
  /** A 32-bit integer; decides which rows and features each tree sees. */
  seed: z.int32(),
  params: randomForestParams.prefault({}),
});

/** Ordinary least squares with an intercept. */
const linear = z.strictObject({ family: z.literal('linear') });

/** Predicts the mean of the training target. */
const mean = z.strictObject({ family: z.literal('mean') });

/** The `estimator` slice of a model configuration. */
export const estimatorSchema = z.discriminatedUnion('family', [randomForest, linear, mean]);

export type Estimator = z.output<typeof estimatorSchema>;
export type RandomForest = Extract<Estimator, { family: 'random-forest' }>;
