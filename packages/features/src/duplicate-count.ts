import { quoteIdentifier } from '@slipway/database';

/**
 * SQL of how many current rows share all values of a set with another one. NULL is equal to nothing, as in a unique index.
 */
export function duplicateCount(rows: string, set: readonly string[]): string {
  const list = set.map(quoteIdentifier).join(', ');
  return `(SELECT coalesce(sum(copies), 0) FROM (SELECT count(*) AS copies FROM ${rows}
    WHERE superseded_by IS NULL AND num_nulls(${list}) = 0 GROUP BY ${list} HAVING count(*) > 1) AS doubled)`;
}
