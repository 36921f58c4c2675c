import type { EntityKey } from '@slipway/contracts';
import type { Database } from '@slipway/database';

/**
 * Erases an entity from the prediction log and the labels of models. What a serving process has not shipped yet is not
 * reached: flush it first, or erase again. Repeatable.
 * @param options.models registered names
 * @param options.apply without it nothing is erased
 * @returns rows that were, or would be, erased
 */
export async function eraseRecords(
  database: Database,
  {
    models,
    key,
    apply,
  }: { readonly models: readonly string[]; readonly key: EntityKey; readonly apply: boolean },
): Promise<{ readonly predictions: number; readonly labels: number }> {
  const where = 'model = ANY($1) AND entity_key @> $2::jsonb';
  const parameters = [[...models], JSON.stringify(key)];
  const rowsOf = async (table: string): Promise<number> => {
    if (apply) return database.execute(`DELETE FROM ${table} WHERE ${where}`, parameters);
    const [row] = await database.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM ${table} WHERE ${where}`,
      parameters,
    );
    return Number(row?.rows ?? 0);
  };
  return { predictions: await rowsOf('serving.prediction'), labels: await rowsOf('serving.label') };
}
