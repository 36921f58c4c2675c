export { describeRegistryContract } from './describe-registry-contract.ts';
export { ensureMlflow } from './mlflow-server/ensure-mlflow.ts';
export { ensurePostgresDriver, postgresDriver } from './mlflow-server/ensure-postgres-driver.ts';
export { mlflowCacheFolder } from './mlflow-server/mlflow-cache-folder.ts';
export { mlflowReleases, type MlflowMajor } from './mlflow-server/mlflow-release.ts';
export {
  startMlflowServer,
  type MlflowStore,
  type MlflowTestServer,
  type StartMlflowServerOptions,
} from './mlflow-server/start-mlflow-server.ts';
export { ensureModelScorer } from './python-environment/ensure-model-scorer.ts';
export { ensurePythonEnvironment } from './python-environment/ensure-python-environment.ts';
export { registryContractCases, type RegistryContractCase } from './registry-contract-cases.ts';
