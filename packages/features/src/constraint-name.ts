import { createHash } from 'node:crypto';
import { longestNameBytes } from '@slipway/database';

/** A name of a constraint or index as Postgres keeps it: one that is too long ends in a hash of the whole. */
export function constraintName(name: string): string {
  if (name.length <= longestNameBytes) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, longestNameBytes - hash.length - 1)}_${hash}`;
}
