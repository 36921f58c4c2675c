import type { MigrationSet } from '@slipway/database';

/** Schema `serving`: the prediction log and the labels. */
export const servingMigrations: MigrationSet = {
  package: 'serving',
  schema: 'serving',
  folder: new URL('../migrations/', import.meta.url),
};
