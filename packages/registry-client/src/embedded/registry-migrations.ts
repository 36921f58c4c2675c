import type { MigrationSet } from '@slipway/database';

/** Schema `registry`: what MLflow's tracking store and model registry hold, in the tables of one database. */
export const registryMigrations: MigrationSet = {
  package: 'registry-client',
  schema: 'registry',
  folder: new URL('../../migrations/', import.meta.url),
};
