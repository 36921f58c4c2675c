import { z } from 'zod';

/** The `gate` slice of a model configuration: when a candidate may serve. */
export const gateSchema = z.strictObject({
  /** Metrics that are a mean over rows, so that resampling rows or blocks resamples them. */
  metric: z.enum(['rmse', 'mae', 'mape', 'r2']),
  /** Business threshold of the first deployment, in the unit of the metric. Without one, nothing is deployed. */
  threshold: z.number().optional(),
  /**
   * Against the version in production: `better` on the same fresh rows; `superior`: better with `confidence`;
   * `nonInferior`: with `confidence` at most `margin` worse.
   */
  rule: z.enum(['better', 'superior', 'nonInferior']).default('better'),
  /** Share of bootstrap resamples that must agree, 0.5 to 1. */
  confidence: z.number().min(0.5).lt(1).default(0.95),
  /** Least relative improvement, 0.01 is 1 %. */
  minimumGain: z.number().min(0).default(0),
  /** How much worse `nonInferior` allows, relative: 0.02 is 2 %. */
  margin: z.number().min(0).default(0.02),
  /** Column whose equal values are resampled together, because such rows resemble each other; left out, single rows. */
  blocks: z.string().optional(),
  /** Fewer rows than this are too few to decide on. */
  minimumRows: z.int().min(1).default(30),
  /** Fewer blocks than this are too few to resample: with one, every confidence is 0 or 1. */
  minimumBlocks: z.int().min(2).default(5),
  resamples: z.int().min(100).max(100_000).default(2_000),
  /** Seed of the resampling. */
  seed: z.int32().default(1),
});

export type Gate = z.output<typeof gateSchema>;
