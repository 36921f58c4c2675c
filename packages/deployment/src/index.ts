export { readAliasMoves } from './alias-moves.ts';
export { describeChanges, trainingInputsOf, type TrainingInputs } from './configuration-slices.ts';
export { type DeploymentContext } from './deployment-context.ts';
export { deployModel, retrainModel } from './deploy-model.ts';
export { type DeployOutcome } from './deploy-outcome.ts';
export { readRegisteredModel } from './champion.ts';
export { explainVersion, type Lineage, type LineageDataset } from './explain-version.ts';
export {
  defineModel,
  modelDefinitionSchema,
  type ModelDefinition,
  type ModelDefinitionInput,
} from './model-definition.ts';
export { monitorModel, type MonitorOutcome, type MonitoredWindow } from './monitor-model.ts';
export { planDeployment, type DeploymentPlan } from './plan-deployment.ts';
export { promoteRun, promoteVersion, rollBackModel, type MoveOutcome } from './promote-run.ts';
export { findRollbackTarget } from './rollback-target.ts';
export { artifactPath, runTag } from './run-tags.ts';
export type { UnexplainedVersion } from './unexplained-version.ts';
export type { StepEvent, StepName } from './step-event.ts';
