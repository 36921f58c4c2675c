import { z } from 'zod';
import { columnTypeSchema } from './column-type.ts';

export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** One immutable stored table. `digest` identifies the content: column names, types and rows in any order. */
export const datasetRefSchema = z.strictObject({
  formatVersion: z.literal(1),
  kind: z.enum(['train', 'test', 'predictions']),
  schema: z.string(),
  table: z.string(),
  digest: digestSchema,
  rowCount: z.int().nonnegative(),
  columns: z.array(z.strictObject({ name: z.string(), type: columnTypeSchema })),
});

export type DatasetRef = z.infer<typeof datasetRefSchema>;
