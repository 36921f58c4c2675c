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

/** What the predictions and features of a version looked like on its test set, frozen at evaluation. */
export const driftBaselineSchema = z.strictObject({
  formatVersion: z.literal(1),
  model: z.string(),
  runId: z.string(),
  /** Digest of the test-prediction dataset it was counted from. */
  datasetDigest: digestSchema,
  rowCount: count,
  columns: z.array(driftBaselineColumnSchema),
  loss: lossByCellSchema.nullable(),
});

export type NumericCells = z.infer<typeof numericCellsSchema>;
export type CategoricalCells = z.infer<typeof categoricalCellsSchema>;
export type DriftBaselineColumn = z.infer<typeof driftBaselineColumnSchema>;
export type DriftBaseline = z.infer<typeof driftBaselineSchema>;
