import type { Queryable } from '@slipway/database';

/** How many entities at how many times have a label of a registered model; corrections are not counted twice. */
export async function countLabels(queryable: Queryable, model: string): Promise<number> {
  const [row] = await queryable.query<{ count: string }>(
    `SELECT count(*) FROM (SELECT DISTINCT event_time, entity_key FROM serving.label WHERE model = $1) AS labelled`,
    [model],
  );
  return Number(row?.count ?? 0);
}
