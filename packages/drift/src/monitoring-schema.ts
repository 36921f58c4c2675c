import { z } from 'zod';

/** The `monitoring` slice of a model configuration. */
export const monitoringSchema = z.strictObject({
  /** Predictions are cut into windows of so many rows, in event-time order. */
  window: z.strictObject({ rows: z.int().min(1) }).prefault({ rows: 168 }),
  /** First key: the test must be this sure. */
  alpha: z.number().gt(0).lt(1).default(0.01),
  /** Second key: the effect must be at least this large, as PSI of the predictions. */
  minimumPsi: z.number().min(0).default(0.2),
  /** A window with fewer rows is `insufficient`. */
  minimumRows: z.int().min(1).default(100),
  /** `alert`: say so and leave the rest to people. */
  policy: z.enum(['alert']).default('alert'),
  /** An alert fires when `violating` of the last `of` windows drift, the newest among them. */
  alert: z
    .strictObject({ of: z.int().min(1), violating: z.int().min(1) })
    .refine(({ of, violating }) => violating <= of, 'violating must be at most of')
    .prefault({ of: 3, violating: 2 }),
});

export type MonitoringPolicy = z.output<typeof monitoringSchema>;
