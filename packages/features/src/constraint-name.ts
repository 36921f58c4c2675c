import { createHash } from 'node:crypto';

/** What Postgres keeps of a name, in bytes; the rest it cuts off, and two long names become one. */
const longest = 63;

/** A name of a constraint or index as Postgres keeps it: one that is too long ends in a hash of the whole. */
export function constraintName(name: string): string {
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${name.slice(0, longest - hash.length - 1)}_${hash}`;
}
