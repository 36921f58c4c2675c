import { SlipwayError } from '@slipway/contracts';
import type { KnownLoads } from './read-loads.ts';

/** The refusal of a load that a feature table never had. */
export function loadUnknown(
  table: string,
  load: number,
  { newest, oldest }: Pick<KnownLoads, 'newest' | 'oldest'>,
): SlipwayError {
  return new SlipwayError('load_unknown', {
    what: `Feature table ${table} has no load ${load}`,
    expected: newest === 0 ? 'a first load' : `a load from ${oldest} to ${newest}`,
    next: 'Take one of the load log, "slipway features status", or the database that had it',
    details: { newestLoad: newest },
  });
}
