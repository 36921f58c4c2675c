export { ensureFeatureTable, featuresMigrations } from './ensure-feature-table.ts';
export { featureRelation, type FeatureRelationOptions } from './feature-relation.ts';
export { featureTableStatus, type FeatureTableStatus } from './feature-table-status.ts';
export {
  defineFeatureTable,
  rowKey,
  type FeatureColumn,
  type FeatureTable,
  type FeatureTableInput,
} from './feature-table.ts';
export type { EventWindow, FeatureFile, FeatureRow, FeatureSource } from './feature-source.ts';
export { joinFeatureTables, type FeatureJoin, type JoinOptions } from './join-feature-tables.ts';
export { findLoad, type FeatureLoad } from './find-load.ts';
export { loadFeatureTable, type LoadOptions, type LoadResult } from './load-feature-table.ts';
export { readFeatureBatches, readFeatureFile } from './read-feature-file.ts';
export type { Violation } from './violation.ts';
