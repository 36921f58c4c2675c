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
  /**
   * Rows that the forest learns from at all, the first ones: a share between 0 and 1, rounded down, or a whole number from 2.
   * Left out, all of them. It does not draw: samples of trees have as many rows, drawn from these.
   */
  maxSamples: z.union([z.number().gt(0).lt(1), z.int().min(2)]).optional(),
  /** What the trees' predictions become: their mean, or the middle one, the lower of two. Left out, the mean. */
  selectionMethod: z.enum(['mean', 'median']).optional(),
  /** Whether each tree learns from rows drawn with replacement. */
  useSampleBagging: z.boolean().default(true),
  /** A node with this many rows or fewer is a leaf. */
  minNumSamples: z.int().min(1).default(3),
  /** Greatest depth; 0 is a single leaf. Left out, there is no limit. */
  maxDepth: z.int().min(0).optional(),
  /** A node is cut when the squared error that remains is above it. Left out, 0. */
  gainThreshold: z.number().min(0).optional(),
});

const randomForest = z.strictObject({
  family: z.literal('random-forest'),
  /** A 32-bit integer; decides which rows and features each tree sees. */
  seed: z.int32(),
  params: randomForestParams.prefault({}),
  /** `reference` runs ml-random-forest itself: the same forest, after a time that grows with the square of the rows. */
  engine: z.enum(['fast', 'reference']).optional(),
});

/** Ordinary least squares with an intercept. */
const linear = z.strictObject({ family: z.literal('linear') });

const degree = z.int().min(1).max(12);

/** Least squares of a polynomial of one column. */
const polynomial = z.strictObject({
  family: z.literal('polynomial'),
  params: z.strictObject({ degree: degree.default(2) }).prefault({}),
});

/**
 * The polynomial of one column with the least median of squared errors, of as many as are drawn through `degree` + 1 rows:
 * up to half of the rows may be wild. The estimator of ml-regression, with a seed, which that lacks, and with the degree that
 * a polynomial has, where that counts coefficients.
 */
const robustPolynomial = z.strictObject({
  family: z.literal('robust-polynomial'),
  seed: z.int32(),
  params: z
    .strictObject({ degree: degree.default(2), draws: z.int().min(1).max(100_000).default(500) })
    .prefault({}),
});

/** factor x x^exponent, by least squares of the logarithms: column and target are above 0. */
const power = z.strictObject({ family: z.literal('power') });

/** factor x e^(rate x x), by least squares of the logarithm of the target, which is above 0. */
const exponential = z.strictObject({ family: z.literal('exponential') });

/**
 * The line of one column with the median of the slopes between any two rows; `maxPairs` of them, drawn by the seed, when
 * there are more.
 */
const theilSen = z.strictObject({
  family: z.literal('theil-sen'),
  seed: z.int32(),
  params: z.strictObject({ maxPairs: z.int().min(1).max(50_000_000).default(5_000_000) }).prefault({}),
});

/** Predicts the mean of the training target. */
const mean = z.strictObject({ family: z.literal('mean') });

/** The `estimator` slice of a model configuration. */
export const estimatorSchema = z.discriminatedUnion('family', [
  exponential,
  linear,
  mean,
  polynomial,
  power,
  randomForest,
  robustPolynomial,
  theilSen,
]);

export type Estimator = z.output<typeof estimatorSchema>;
export type RobustPolynomial = Extract<Estimator, { family: 'robust-polynomial' }>;
export type TheilSen = Extract<Estimator, { family: 'theil-sen' }>;
export type RandomForest = Extract<Estimator, { family: 'random-forest' }>;
