import type { LoggedModel } from '../../logged-model.ts';
import type { ListLoggedModelsOptions } from '../../model-registry.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { findWireRun } from '../fetch-run.ts';
import { emulatedModelId } from './emulation-tags.ts';
import { toEmulatedModel } from './find-emulated-model.ts';

/** The logged model that is kept in fields of this run, if there is one. */
export async function listEmulatedModels(
  transport: MlflowTransport,
  { experimentId, runId }: ListLoggedModelsOptions,
): Promise<readonly LoggedModel[]> {
  const run = await findWireRun(transport, runId);
  if (run?.info.experiment_id !== experimentId) return [];
  return emulatedModelId(runId, run.data?.tags ?? {}) === undefined ? [] : [toEmulatedModel(run)];
}
