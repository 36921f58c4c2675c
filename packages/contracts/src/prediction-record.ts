import { z } from 'zod';

const finite = z.number();
const microseconds = z.int();

/**
 * One predicted row as the serving layer logs it. Identity is (requestId, row).
 * Features are two arrays in signature order: `numbers` holds double, long, boolean (0 or 1) and datetime
 * (microseconds) inputs, `texts` the string inputs; null is NULL. Times are microseconds since 1970-01-01 UTC.
 */
export const predictionRecordSchema = z.strictObject({
  formatVersion: z.literal(1),
  requestId: z.string().min(1).max(128),
  row: z.int().nonnegative(),
  model: z.string(),
  /** Registered version; null for a candidate served by run id. */
  version: z.string().nullable(),
  runId: z.string(),
  /** Entity key columns as the caller gave them; null when the request carried none. */
  entityKey: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  eventTime: microseconds.nullable(),
  receivedAt: microseconds,
  prediction: finite,
  numbers: z.array(finite.nullable()),
  texts: z.array(z.string().nullable()),
});

export type PredictionRecord = z.infer<typeof predictionRecordSchema>;
