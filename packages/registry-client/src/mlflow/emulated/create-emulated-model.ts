import type { LoggedModel } from '../../logged-model.ts';
import type { CreateLoggedModelOptions } from '../../model-registry.ts';
import { registryRejected } from '../../registry-rejected.ts';
import { toArtifactFolder } from '../artifact-folder.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { deleteFiles } from '../delete-files.ts';
import { deleteRunTag } from '../delete-run-tag.ts';
import { fetchRun } from '../fetch-run.ts';
import { fetchRunOfExperiment } from '../fetch-run-of-experiment.ts';
import { logBatch } from '../log-batch.ts';
import { searchModelVersions } from '../search-model-versions.ts';
import type { WireRun } from '../wire/run-schema.ts';
import { emulatedFolder, emulatedModelId, emulationTag, isEmulationTag } from './emulation-tags.ts';
import { prefixTags } from './prefix-tags.ts';
import { toEmulatedModel } from './find-emulated-model.ts';

/**
 * Makes the logged model of a run, in tags of that run. A run has one; a new one takes its place as long as no version
 * was made of it, so that a deployment that was killed can go on.
 * @throws SlipwayError `run_not_found`; `registry_rejected` when the run's model is registered already
 */
export async function createEmulatedModel(
  transport: MlflowTransport,
  options: CreateLoggedModelOptions,
  now: number,
): Promise<LoggedModel> {
  const { experimentId, runId, name, modelType, params = {}, tags = {} } = options;
  const run = await fetchRunOfExperiment(transport, runId, experimentId);
  const described = {
    ...prefixTags(tags, { prefix: emulationTag.tagPrefix, field: 'tags' }),
    ...prefixTags(params, { prefix: emulationTag.paramPrefix, field: 'params' }),
    [emulationTag.name]: name,
    ...(modelType === undefined ? {} : { [emulationTag.modelType]: modelType }),
    [emulationTag.creationTime]: String(now),
  };
  await removeFormerModel(transport, run);
  await logBatch(transport, runId, { tags: described });
  // The status comes last: with it the model is there.
  await logBatch(transport, runId, { tags: { [emulationTag.status]: 'PENDING' } });
  return toEmulatedModel(await fetchRun(transport, runId));
}

async function removeFormerModel(transport: MlflowTransport, { info, data }: WireRun): Promise<void> {
  const tags = data?.tags ?? {};
  const modelId = emulatedModelId(info.run_id, tags);
  if (modelId !== undefined) {
    const versions = await searchModelVersions(transport, `run_id = '${info.run_id}'`);
    if (versions.some((version) => version.modelId === modelId)) throw alreadyRegistered(info.run_id);
    await deleteRunTag(transport, info.run_id, emulationTag.status);
    await deleteFiles(transport, toArtifactFolder(`${info.artifact_uri}/${emulatedFolder}`, transport.url));
  }
  for (const key of Object.keys(tags).filter(isEmulationTag)) {
    await deleteRunTag(transport, info.run_id, key);
  }
}

function alreadyRegistered(runId: string): Error {
  return registryRejected({
    field: 'runId',
    reason: 'conflict',
    what: `The run ${runId} has a logged model that is registered: on MLflow 2 a run has one`,
    next: 'Use a run per model, or a server of MLflow 3',
  });
}
