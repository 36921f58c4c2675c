import type { z } from 'zod';
import { SlipwayError } from './slipway-error.ts';

/**
 * Reads something another process wrote: the format version first, then the schema.
 * @param noun what it is, for the message ("model signature")
 * @throws SlipwayError `format_unsupported` when the version is not 1, `schema_mismatch` when a field is wrong
 */
export function parseStored<T>(schema: z.ZodType<T>, noun: string, value: unknown): T {
  const version = (value as { formatVersion?: unknown } | null)?.formatVersion;
  if (version !== 1) {
    throw new SlipwayError('format_unsupported', {
      what: `A stored ${noun} has an unknown format version`,
      expected: 'formatVersion 1',
      received: typeof version === 'number' ? `formatVersion ${version}` : 'none',
      next: typeof version === 'number' && version > 1 ? 'Upgrade this program' : undefined,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SlipwayError('schema_mismatch', {
    what: `A stored ${noun} is not valid`,
    received: result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    cause: result.error,
  });
}
