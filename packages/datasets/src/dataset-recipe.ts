import { columnTypeSchema, digestSchema, type Relation } from '@slipway/contracts';
import { z } from 'zod';
import { splitSchema, type ResolvedSplit, type SplitSide } from './split-schema.ts';

export const relationSchema = z.object({
  source: z.string(),
  sql: z.string(),
  parameters: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
  columns: z.array(
    z.object({
      name: z.string(),
      type: columnTypeSchema,
      role: z.enum(['entityKey', 'eventTime', 'feature', 'target', 'attribute']),
      nullable: z.boolean(),
    }),
  ),
  watermark: z.record(z.string(), z.number()),
});

/** How a training or test table is built again: one side of a split of a relation at its watermark. */
const splitRecipeSchema = z.object({
  formatVersion: z.literal(1),
  relation: relationSchema,
  split: splitSchema,
  side: z.enum(['train', 'test']),
});

/** Where predictions came from; they are made again by the model that their run logged. */
const predictionsRecipeSchema = z.object({
  formatVersion: z.literal(1),
  model: z.string(),
  testDigest: digestSchema,
});

/** What the catalogue keeps of how a dataset came to be. */
export const datasetRecipeSchema = z.union([splitRecipeSchema, predictionsRecipeSchema]);

export interface SplitRecipe {
  readonly formatVersion: 1;
  readonly relation: Relation;
  readonly split: ResolvedSplit;
  readonly side: SplitSide;
}

export type PredictionsRecipe = z.output<typeof predictionsRecipeSchema>;
export type DatasetRecipe = SplitRecipe | PredictionsRecipe;

/** Whether a recipe is that of a training or test table. */
export function isSplitRecipe(recipe: DatasetRecipe): recipe is SplitRecipe {
  return 'relation' in recipe;
}
