import { z } from 'zod';
import { digestSchema } from './dataset.ts';

const count = z.int().nonnegative();

const driftStateColumnSchema = z.strictObject({
  name: z.string(),
  nullCount: count,
  /** One count per fine cell of the baseline; a categorical column has one cell more, for all other categories. */
  counts: z.array(count),
  /** Values below the smallest and above the largest reference value; 0 for categories. */
  belowCount: count,
  aboveCount: count,
});

/**
 * Counts of live rows over the cells of a baseline. States of parts (replicas, hours, days) add up to the state of the
 * whole, exactly; only states of the same baseline may be added.
 */
export const driftStateSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Digest of the baseline's canonical JSON: says which cells were counted. */
  baselineDigest: digestSchema,
  rowCount: count,
  /** In the order of the baseline's columns: the prediction first. */
  columns: z.array(driftStateColumnSchema),
});

export type DriftStateColumn = z.infer<typeof driftStateColumnSchema>;
export type DriftState = z.infer<typeof driftStateSchema>;
