import type { RunRegistry } from '../run-registry.ts';
import { toArtifactFolder, type ArtifactFolder } from './artifact-folder.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { createRun } from './create-run.ts';
import { ensureExperiment } from './ensure-experiment.ts';
import { fetchRun } from './fetch-run.ts';
import { findExperiment } from './find-experiment.ts';
import { getMetricHistory } from './get-metric-history.ts';
import { getRun } from './get-run.ts';
import { listFiles } from './list-files.ts';
import { logBatch } from './log-batch.ts';
import { logInputs } from './log-inputs.ts';
import type { LoggedModelStore } from './logged-model-store.ts';
import { readFile } from './read-file.ts';
import { remember } from './remember.ts';
import { searchRuns } from './search-runs.ts';
import { setExperimentTags } from './set-experiment-tags.ts';
import { updateRun } from './update-run.ts';
import { writeFile } from './write-file.ts';

/** The run half of the client. */
export function mlflowRunRegistry(
  transport: MlflowTransport,
  models: () => Promise<LoggedModelStore>,
): RunRegistry {
  // Where a run's files lie never changes.
  const folderOf = remember(async (runId: string): Promise<ArtifactFolder> => {
    const { info } = await fetchRun(transport, runId);
    return toArtifactFolder(info.artifact_uri, transport.url);
  });
  return {
    ensureExperiment: (name, options) => ensureExperiment(transport, name, options),
    setExperimentTags: (experimentId, tags) => setExperimentTags(transport, experimentId, tags),
    findExperiment: (name) => findExperiment(transport, name),
    createRun: (options) => createRun(transport, options),
    getRun: (runId) => getRun(transport, runId),
    updateRun: (runId, change) => updateRun(transport, runId, change),
    finishRun: (runId, end) => updateRun(transport, runId, end),
    searchRuns: (options) => searchRuns(transport, options),
    async logBatch(runId, batch) {
      const namesModels = batch.metrics?.some(({ modelId }) => modelId !== undefined) ?? false;
      if (namesModels) await (await models()).logBatch(runId, batch);
      else await logBatch(transport, runId, batch);
    },
    logInputs: (runId, inputs) => logInputs(transport, runId, inputs),
    getMetricHistory: (runId, key) => getMetricHistory(transport, runId, key),
    async logArtifact(runId, path, content) {
      await writeFile(transport, { folder: await folderOf(runId), path, content, owner: runId });
    },
    async readArtifact(runId, path) {
      return readFile(transport, { folder: await folderOf(runId), path, owner: runId });
    },
    async listArtifacts(runId, prefix) {
      return listFiles(transport, await folderOf(runId), prefix);
    },
  };
}
