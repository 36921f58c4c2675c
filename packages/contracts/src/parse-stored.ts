import { z } from 'zod';
import { SlipwayError } from './slipway-error.ts';

/**
 * Reads something another process wrote: the format version first, then the schema.
 *
 * The versions that are understood are those the schema names. A noun that gains a field gains a version: its schema
 * becomes `z.discriminatedUnion('formatVersion', [first.transform(toSecond), second])`, and what was stored before is
 * read as the newest form, for this noun alone.
 * @param noun what it is, for the message ("model signature")
 * @throws SlipwayError `format_unsupported` when the schema does not name the version, `schema_mismatch` when a field is
 * wrong
 */
export function parseStored<T>(schema: z.ZodType<T>, noun: string, value: unknown): T {
  const version = (value as { formatVersion?: unknown } | null | undefined)?.formatVersion;
  const understood = versionsOf(schema);
  if (typeof version !== 'number' || !understood.includes(version)) {
    throw new SlipwayError('format_unsupported', {
      what: `A stored ${noun} has an unknown format version`,
      expected: `formatVersion ${understood.join(' or ')}`,
      received: typeof version === 'number' ? `formatVersion ${version}` : 'none',
      next:
        typeof version === 'number' && version > Math.max(...understood) ? 'Upgrade this program' : undefined,
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

/** The literals of `formatVersion` in an object, in the members of a union, or before a transform. */
function versionsOf(schema: unknown): number[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(versionsOf);
  if (schema instanceof z.ZodPipe) return versionsOf(schema.in);
  const version: unknown = schema instanceof z.ZodObject ? schema.shape['formatVersion'] : undefined;
  return version instanceof z.ZodLiteral ? [...version.values].map(Number) : [];
}
