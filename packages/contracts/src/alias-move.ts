import { z } from 'zod';

/** One entry of the append-only audit: who moved an alias, when, from where to where, and why. */
export const aliasMoveSchema = z.strictObject({
  formatVersion: z.literal(1),
  sequence: z.int().positive(),
  alias: z.string(),
  model: z.string(),
  from: z.string().nullable(),
  to: z.string(),
  verb: z.enum(['deploy', 'retrain', 'promote', 'rollback']),
  who: z.string(),
  why: z.string(),
  /** Outcome of the gate, where one decided. */
  verdict: z.string().nullable(),
  /** Microseconds since 1970-01-01 UTC. */
  movedAt: z.int(),
});

export type AliasMove = z.infer<typeof aliasMoveSchema>;
