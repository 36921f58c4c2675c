export { readAliasMoves } from './alias-moves.ts';
export { cleanUp, defaultRetention, type CleanOptions, type CleanOutcome } from './clean-up.ts';
export { describeChanges, trainingInputsOf, type TrainingInputs } from './configuration-slices.ts';
export { findDatasetRoots, type RetentionRules } from './dataset-roots.ts';
export { type DeploymentContext } from './deployment-context.ts';
export { deployModel, retrainModel, type DeployOptions } from './deploy-model.ts';
export { type DeployOutcome } from './deploy-outcome.ts';
export { readRegisteredModel } from './champion.ts';
export { eraseEntityData, type ErasedData } from './erase-entity-data.ts';
export { explainVersion, type Lineage, type LineageDataset } from './explain-version.ts';
export { findVersion } from './find-version.ts';
export {
  defineModel,
  modelDefinitionSchema,
  type ModelDefinition,
  type ModelDefinitionInput,
} from './model-definition.ts';
export { inspectDataset, type DatasetUser, type InspectedDataset } from './inspect-dataset.ts';
export { monitorModel, type MonitorOutcome, type MonitoredWindow } from './monitor-model.ts';
export { planDeployment, type DeploymentPlan } from './plan-deployment.ts';
export { promoteRun, promoteVersion, rollBackModel, type MoveOutcome } from './promote-run.ts';
export { scoreFeatureTable, type ScoredRows, type ScoringOptions } from './score-feature-table.ts';
export {
  tryChange,
  tuneModel,
  type SearchStrategy,
  type TuneOptions,
  type TuneOutcome,
} from './tune-model.ts';
export { findRollbackTarget } from './rollback-target.ts';
export { artifactPath, runTag } from './run-tags.ts';
export type { UnexplainedVersion } from './unexplained-version.ts';
export { type FeatureTableSweep } from './sweep-feature-table.ts';
export type { StepEvent, StepName } from './step-event.ts';
