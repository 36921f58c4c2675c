import { z } from 'zod';

/** What the alert remembers after a window: enough to judge the next one. A new version begins with an empty one. */
export const alertStateSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Verdicts of the newest windows, the newest last. Windows without a verdict (`insufficient`) are not among them. */
  recent: z.array(z.enum(['ok', 'drift'])),
  firing: z.boolean(),
  /** Start of the window with which the present alert began, microseconds since 1970-01-01 UTC; null when none fires. */
  since: z.int().nullable(),
});

export type AlertState = z.infer<typeof alertStateSchema>;
