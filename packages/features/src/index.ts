export { checkFeatureBatch, type BatchCheck } from './check-feature-batch.ts';
export { checkFeatureTable } from './check-feature-table.ts';
export { ensureFeatureTable, featuresMigrations } from './ensure-feature-table.ts';
export { eraseEntity, type EntityErasure } from './erase-entity.ts';
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
export { findLoad, findLoadBefore, type FeatureLoad } from './find-load.ts';
export { judgeFreshness, type Freshness } from './judge-freshness.ts';
export { readLoadProfile, type ColumnProfile, type LoadProfile } from './load-profile.ts';
export { loadFeatureTable, type LoadOptions, type LoadResult } from './load-feature-table.ts';
export { readFeatureBatches, readFeatureFile } from './read-feature-file.ts';
export { readLoads, type KnownLoads } from './read-loads.ts';
export { sweepLoads } from './sweep-loads.ts';
export { sweepRejects } from './sweep-rejects.ts';
export type { Violation } from './violation.ts';
