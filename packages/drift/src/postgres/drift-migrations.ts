import type { MigrationSet } from '@slipway/database';

/** Schema `monitoring`: the verdict of each window. */
export const driftMigrations: MigrationSet = {
  package: 'drift',
  schema: 'monitoring',
  folder: new URL('../../migrations/', import.meta.url),
};
