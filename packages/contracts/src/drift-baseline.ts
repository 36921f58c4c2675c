import { z } from 'zod';
import { columnTypeSchema } from './column-type.ts';
import { digestSchema } from './dataset.ts';

const count = z.int().nonnegative();
const numberList = z.array(z.number());

/**
 * Cells of a number column. `edges` are strictly increasing inner edges; a value falls in cell
 * "number of edges <= value" (right-open cells; Postgres `width_bucket(value, edges)`), so there is one cell more
 * than edges. `groups` maps each fine cell to a coarse cell (non-decreasing from 0) on which tests and PSI run.
 */
const numericCellsSchema = z.strictObject({
  kind: z.literal('numeric'),
  edges: numberList,
  counts: z.array(count),
  /** Sum of the values in each cell. */
  sums: numberList,
  groups: z.array(count),
  /** Smallest and largest reference value; live values beyond them are counted as out of range. Null without values. */
  minimum: z.number().nullable(),
  maximum: z.number().nullable(),
  mean: z.number().nullable(),
  /** Sum of squared deviations from the mean. */
  m2: z.number().nullable(),
});

/** Cells of a string or boolean column: the most frequent categories, and one cell for the rest. */
const categoricalCellsSchema = z.strictObject({
  kind: z.literal('categorical'),
  categories: z.array(z.string()),
  counts: z.array(count),
  otherCount: count,
});

const driftBaselineColumnSchema = z.strictObject({
  name: z.string(),
  role: z.enum(['prediction', 'feature']),
  type: columnTypeSchema,
  nullCount: count,
  cells: z.discriminatedUnion('kind', [numericCellsSchema, categoricalCellsSchema]),
});

/** Test error by fine cell of the prediction column: what the error would be if live traffic fell into these cells. */
const lossByCellSchema = z.strictObject({
  absoluteErrorSums: numberList,
  squaredErrorSums: numberList,
});

/** Event times of the first and the last reference row, microseconds since 1970-01-01 UTC. */
const referencePeriodSchema = z.strictObject({ from: z.int(), to: z.int() });

/** Blocks of reference rows that resemble each other, such as the hours of a day, and how much. */
const referenceBlocksSchema = z.strictObject({
  /** Column whose equal values make a block. */
  column: z.string(),
  count,
  /**
   * How many times larger the variance of the prediction's coarse shares is than it would be if rows were independent:
   * n rows tell as much as n / designEffect independent ones. Null with one block or one cell.
   */
  designEffect: z.number().nonnegative().nullable(),
});

/** What the predictions and features of a version looked like on its test set, frozen at evaluation. */
export const driftBaselineSchema = z.strictObject({
  formatVersion: z.literal(1),
  model: z.string(),
  runId: z.string(),
  /** Digest of the test-prediction dataset it was counted from. */
  datasetDigest: digestSchema,
  rowCount: count,
  /** Null where rows have no event time. */
  period: referencePeriodSchema.nullable(),
  /** Null where the gate names no blocks. */
  blocks: referenceBlocksSchema.nullable(),
  columns: z.array(driftBaselineColumnSchema),
  loss: lossByCellSchema.nullable(),
});

export type NumericCells = z.infer<typeof numericCellsSchema>;
export type CategoricalCells = z.infer<typeof categoricalCellsSchema>;
export type DriftBaselineColumn = z.infer<typeof driftBaselineColumnSchema>;
export type DriftBaseline = z.infer<typeof driftBaselineSchema>;
