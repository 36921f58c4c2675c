import { z } from 'zod';

const testShare = z.number().gt(0).lt(1);

/**
 * The `split` slice of a model configuration.
 * `random`: by a hash of the row key, so that a row never changes side when data grows. `group`: by a hash of one
 * column, so that equal values stay together. `time`: rows from `cutoff` on are the test set; the `gapHours` before it
 * are in neither. `seed` belongs to the split alone: a new model seed must not reshuffle the test set.
 */
export const splitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random'), testShare, seed: z.int32() }),
  z.strictObject({ kind: z.literal('group'), by: z.string().min(1), testShare, seed: z.int32() }),
  z.strictObject({
    kind: z.literal('time'),
    cutoff: z.iso.datetime({ offset: true }),
    gapHours: z.number().min(0).default(0),
  }),
]);

export type Split = z.output<typeof splitSchema>;
