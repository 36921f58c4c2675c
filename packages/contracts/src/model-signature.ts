import { z } from 'zod';
import { columnTypeSchema } from './column-type.ts';

/** What a model takes and gives: raw feature columns in order, one prediction column. */
export const modelSignatureSchema = z.strictObject({
  formatVersion: z.literal(1),
  inputs: z.array(z.strictObject({ name: z.string(), type: columnTypeSchema, nullable: z.boolean() })).min(1),
  output: z.strictObject({ name: z.string(), type: z.literal('double') }),
  /**
   * Columns that name the thing a row is about, when the training data had them. They are no inputs: a request may send
   * them along, and the types make the logged key equal to the label's.
   */
  entityKey: z
    .array(z.strictObject({ name: z.string(), type: columnTypeSchema }))
    .min(1)
    .optional(),
});

export type ModelSignature = z.infer<typeof modelSignatureSchema>;
