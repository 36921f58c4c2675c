import { digestSchema } from '@slipway/contracts';
import { z } from 'zod';
import { isSplitRecipe, type DatasetRecipe } from './dataset-recipe.ts';

/** What rows came from: a relation's source and the feature tables it read, or the test set that was predicted. */
export const datasetOriginSchema = z.union([
  z.object({ formatVersion: z.literal(1), source: z.string(), tables: z.array(z.string()) }),
  z.object({ formatVersion: z.literal(1), testDigest: digestSchema }),
]);

export type DatasetOrigin = z.output<typeof datasetOriginSchema>;

/** The part of a recipe that stays true of its content whatever else gives the same content. */
export function originOf(recipe: DatasetRecipe): DatasetOrigin {
  if (!isSplitRecipe(recipe)) return { formatVersion: 1, testDigest: recipe.testDigest };
  const { source, watermark } = recipe.relation;
  return { formatVersion: 1, source, tables: Object.keys(watermark) };
}
