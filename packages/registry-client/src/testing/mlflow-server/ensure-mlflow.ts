import { ensurePythonEnvironment } from '../python-environment/ensure-python-environment.ts';
import { mlflowReleases, type MlflowMajor } from './mlflow-release.ts';

/** Installs a pinned MLflow as {@link ensurePythonEnvironment} does, and returns its Python. */
export function ensureMlflow(major: MlflowMajor, cacheFolder?: string): Promise<string> {
  const { version, requirements } = mlflowReleases[major];
  return ensurePythonEnvironment({ name: `mlflow-${version}`, requirements, cacheFolder });
}
