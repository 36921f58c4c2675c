import { z } from 'zod';

const nullableNumber = z.number().nullable();

/**
 * What the gate decided and on what. `passed` and `overridden` deploy; `rejected` keeps production;
 * `insufficient` keeps production and is retried when there is more evidence.
 */
export const gateVerdictSchema = z.strictObject({
  formatVersion: z.literal(1),
  outcome: z.enum(['passed', 'rejected', 'insufficient', 'overridden']),
  /** `threshold`: first deployment against the business threshold; `champion`: against what serves now. */
  against: z.enum(['threshold', 'champion']),
  /** The rule in words, with its numbers. */
  sentence: z.string(),
  rule: z.enum(['better', 'superior', 'nonInferior']),
  metric: z.string(),
  direction: z.enum(['minimize', 'maximize']),
  candidate: nullableNumber,
  champion: nullableNumber,
  championVersion: z.string().nullable(),
  /** The champion's metric when it was deployed: shown, never gated on. */
  championStored: nullableNumber,
  threshold: nullableNumber,
  /** Relative improvement over the champion, positive is better. */
  gain: nullableNumber,
  /** Share of paired bootstrap resamples in which the candidate is better, 0 to 1. */
  confidence: nullableNumber,
  confidenceRequired: nullableNumber,
  rowsScored: z.int().nonnegative(),
  /** Groups or time blocks that were resampled; null when rows were. */
  blocksScored: z.int().nonnegative().nullable(),
  /** Where the scored rows lie relative to the candidate's training window. */
  position: z.enum(['inside', 'after', 'mixed', 'unknown']),
  reason: z.string().nullable(),
  /** A person's decision to deploy against the gate: who, when (microseconds since 1970-01-01 UTC), why, and what the gate said. */
  override: z
    .strictObject({
      by: z.string(),
      at: z.int(),
      reason: z.string(),
      of: z.enum(['rejected', 'insufficient']),
    })
    .nullable(),
});

export type GateVerdict = z.infer<typeof gateVerdictSchema>;
