import type { Queryable } from '@slipway/database';

/** The id of a database, made once by its migration. A restored copy has the id of what it is a copy of. */
export async function readDatabaseId(database: Queryable): Promise<string> {
  const rows = await database.query<{ id: string }>('SELECT id::text AS id FROM training.database_id');
  return rows[0]?.id ?? '';
}
