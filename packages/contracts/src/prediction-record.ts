import { z } from 'zod';

const microseconds = z.int();

/** Text that Postgres stores as it is: well-formed, without U+0000. */
const text = z.string().refine((value) => value.isWellFormed() && !value.includes('\0'), {
  error: 'not well-formed text without U+0000',
});

/**
 * What a version was served as: `production` answered a caller; `challenger` answered a share of the callers beside it;
 * `shadow` predicted the same rows without being answered from; `candidate` is a run served by its id.
 */
export const predictionRoles = ['production', 'challenger', 'shadow', 'candidate'] as const;

export type PredictionRole = (typeof predictionRoles)[number];

/** Columns that name the thing a row is about, by name. */
export const entityKeySchema = z.record(text, z.union([text, z.number(), z.boolean()]));

export type EntityKey = z.infer<typeof entityKeySchema>;

/**
 * One predicted row as the serving layer logs it. Identity is (requestId, row): the server makes the id, so that equal
 * ids of clients never meet.
 * Features are two arrays in signature order: `numbers` holds double, long, boolean (0 or 1) and datetime
 * (microseconds) inputs, `texts` the string inputs; null is NULL. Times are microseconds since 1970-01-01 UTC.
 */
export const predictionRecordSchema = z
  .strictObject({
    formatVersion: z.literal(1),
    /** Made by the server, one per answered request. */
    requestId: text.min(1).max(64),
    /** What the caller named the request, to find it again; not unique. Null when it gave no name. */
    clientRequestId: text.min(1).max(128).nullable(),
    /** From 0, within the request. */
    row: z.int().nonnegative(),
    /** Registered name. */
    model: text,
    role: z.enum(predictionRoles),
    /** Registered version; null for a candidate served by run id. */
    version: text.nullable(),
    /** Run that trained it; null for a version that was registered without one. */
    runId: text.nullable(),
    /** Entity key columns in the types of the signature, or as the caller gave them; null when the request had none. */
    entityKey: entityKeySchema.nullable(),
    eventTime: microseconds.nullable(),
    receivedAt: microseconds,
    prediction: z.number(),
    numbers: z.array(z.number().nullable()),
    texts: z.array(text.nullable()),
  })
  .refine(({ version, runId }) => version !== null || runId !== null, {
    error: 'neither a version nor a run',
    path: ['runId'],
  });

export type PredictionRecord = z.infer<typeof predictionRecordSchema>;
