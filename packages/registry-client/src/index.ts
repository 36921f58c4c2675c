export { type ArtifactEntry } from './artifact-entry.ts';
export { createCheckedRegistry } from './create-checked-registry.ts';
export { type DatasetInput } from './dataset-input.ts';
export { doubtEnvironment } from './doubt-environment.ts';
export { type Experiment } from './experiment.ts';
export {
  type LoggedModel,
  type LoggedModelMetric,
  type LoggedModelStatus,
  loggedModelStatuses,
} from './logged-model.ts';
export { renderMlmodel, type MlmodelFiles, type MlmodelOptions } from './mlmodel/render-mlmodel.ts';
export {
  type CreateLoggedModelOptions,
  type CreateModelVersionOptions,
  type ListLoggedModelsOptions,
  type ModelRegistry,
} from './model-registry.ts';
export { createMlflowClient } from './mlflow/create-mlflow-client.ts';
export {
  type MlflowAuthentication,
  type MlflowConnectionOptions,
} from './mlflow/mlflow-connection-options.ts';
export { mlflowVariableNames, readMlflowSettings } from './mlflow/read-mlflow-settings.ts';
export { type ModelVersion } from './model-version.ts';
export { artifactDigestTag, readModelFiles, type ModelFiles } from './read-model-files.ts';
export { type RegisteredModel } from './registered-model.ts';
export { refuseEmbeddedRegistry } from './refuse-embedded-registry.ts';
export { registeredName } from './registered-name.ts';
export { registryLimits } from './registry-limits.ts';
export { registryRejected, type RejectionReason } from './registry-rejected.ts';
export { type Registry } from './registry.ts';
export { type FinalRunStatus, finalRunStatuses, type Run, type RunStatus, runStatuses } from './run.ts';
export { type RunMetric } from './run-metric.ts';
export {
  type CreateRunOptions,
  type RunBatch,
  type RunChange,
  type RunRegistry,
  type SearchRunsOptions,
} from './run-registry.ts';
