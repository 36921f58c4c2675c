import type { MigrationSet } from '@slipway/database';

/** Schema `training`: the catalogue, and the immutable tables themselves. */
export const datasetsMigrations: MigrationSet = {
  package: 'datasets',
  schema: 'training',
  folder: new URL('../migrations/', import.meta.url),
};
