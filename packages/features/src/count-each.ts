import type { Queryable } from '@slipway/database';

/**
 * Many counts over one source in one query.
 * @param counts SQL of a number of rows each
 */
export async function countEach(
  queryable: Queryable,
  from: string,
  counts: readonly string[],
): Promise<readonly number[]> {
  // In an array: a list of single values ends at 1,664 of them.
  const [row] = await queryable.query<{ counts: readonly string[] }>(
    `SELECT ARRAY[${counts.join(', ')}]::bigint[] AS counts FROM ${from}`,
  );
  return (row?.counts ?? []).map(Number);
}
