import { z } from 'zod';

const testShare = z.number().gt(0).lt(1);
const seed = z.int32();

/**
 * The `split` slice of a model configuration.
 * `random`: by a hash of the row key, so that a row never changes side when data grows. `group`: by a hash of one
 * column, so that equal values stay together. `stratified`: every value of one column has its share of test rows; `exact`
 * takes the nearest whole number, so that rows may change side when data grows, `stable` meets the share on average and
 * never moves a row. `time`: rows from `cutoff` on are the test set, or the newest `testShare` of them; the `gapHours`
 * before it are in neither. `seed` belongs to the split alone: a new model seed must not reshuffle the test set.
 */
export const splitSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random'), testShare, seed }),
  z.strictObject({ kind: z.literal('group'), by: z.string().min(1), testShare, seed }),
  z.strictObject({
    kind: z.literal('stratified'),
    by: z.string().min(1),
    variant: z.enum(['exact', 'stable']).default('stable'),
    testShare,
    seed,
  }),
  z
    .strictObject({
      kind: z.literal('time'),
      cutoff: z.iso.datetime({ offset: true }).optional(),
      testShare: testShare.optional(),
      gapHours: z.number().min(0).default(0),
    })
    .refine(({ cutoff, testShare: share }) => (cutoff === undefined) !== (share === undefined), {
      error: 'needs either cutoff or testShare',
    }),
]);

export type Split = z.output<typeof splitSchema>;

type TimeSplit = Extract<Split, { kind: 'time' }>;

/** A split that leaves nothing to look up: one by time has its cutoff. The recipe keeps this form. */
export type ResolvedSplit =
  Exclude<Split, TimeSplit> | (Omit<TimeSplit, 'testShare'> & { readonly cutoff: string });

export type SplitSide = 'train' | 'test';
