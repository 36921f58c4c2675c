/**
 * Whether the table of an entry is there: a sweep, or somebody's hand, may have dropped it, and a backup brought it back.
 * Read from the catalogue of Postgres as any row is: `to_regclass` may answer from before the wait for a lock.
 */
export const tableIsThere = `EXISTS (SELECT FROM pg_catalog.pg_class
  WHERE relnamespace = 'training'::regnamespace AND relname = dataset.table_name)`;
