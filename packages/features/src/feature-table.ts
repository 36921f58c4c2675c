import { columnTypeSchema } from '@slipway/contracts';
import { z } from 'zod';

const columnSchema = z.strictObject({
  type: columnTypeSchema,
  /** @default false */
  nullable: z.boolean().default(false),
  /** Smallest and largest value, inclusive; numbers only. */
  range: z.tuple([z.number(), z.number()]).optional(),
  /** The values allowed; strings only. */
  enum: z.array(z.string()).min(1).optional(),
  /** A regular expression as Postgres reads it; strings only. */
  pattern: z.string().min(1).optional(),
  unit: z.string().optional(),
  description: z.string().optional(),
});

const checkSchema = z.strictObject({
  name: z.string(),
  /** A boolean SQL expression over the columns, part of the configuration and never of data. */
  sql: z.string().min(1),
});

export const featureTableSchema = z.strictObject({
  name: z.string(),
  owner: z.string().min(1),
  description: z.string().optional(),
  /** Columns that name the thing a row is about. */
  entityKey: z.array(z.string()).min(1),
  /** Column that says when the row was true; with it, entity key and event time together are the row key. */
  eventTime: z.string().optional(),
  columns: z.record(z.string(), columnSchema),
  /** How old the newest event time (without one, the newest load) may be before data counts as stale. */
  freshness: z.strictObject({ hours: z.number().positive() }).optional(),
  /** Sets of columns that no two current rows may share, besides the row key. */
  unique: z.array(z.array(z.string()).min(1)).default([]),
  checks: z.array(checkSchema).default([]),
});

/** An official input of models: typed columns with constraints that Postgres enforces. */
export type FeatureTable = z.output<typeof featureTableSchema>;
export type FeatureTableInput = z.input<typeof featureTableSchema>;
export type FeatureColumn = FeatureTable['columns'][string];

/** Entity key columns, then the event time: together they name a row. */
export function rowKey({ entityKey, eventTime }: FeatureTable): string[] {
  return eventTime === undefined ? [...entityKey] : [...entityKey, eventTime];
}
