import type { LoggedModel, LoggedModelStatus } from '../../logged-model.ts';
import { toArtifactFolder } from '../artifact-folder.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { findWireRun } from '../fetch-run.ts';
import type { FoundLoggedModel } from '../logged-model-store.ts';
import type { WireRun } from '../wire/run-schema.ts';
import { readMetricTags } from './emulated-metrics.ts';
import { emulatedFolder, emulatedModelId, emulationTag, runOfEmulatedModel } from './emulation-tags.ts';

/** A logged model that is kept in fields of its run, if it is there. */
export async function findEmulatedModel(
  transport: MlflowTransport,
  modelId: string,
): Promise<FoundLoggedModel | undefined> {
  const runId = runOfEmulatedModel(modelId);
  if (runId === undefined) return undefined;
  const run = await findWireRun(transport, runId);
  if (run === undefined || emulatedModelId(runId, run.data?.tags ?? {}) === undefined) return undefined;
  const source = `${run.info.artifact_uri}/${emulatedFolder}`;
  return {
    model: toEmulatedModel(run),
    folder: toArtifactFolder(source, transport.url),
    source,
    isNative: false,
  };
}

/** The logged model that a run's tags describe. */
export function toEmulatedModel({ info, data }: WireRun): LoggedModel {
  const tags = data?.tags ?? {};
  return {
    modelId: `m-${info.run_id}`,
    experimentId: info.experiment_id,
    name: tags[emulationTag.name] ?? '',
    modelType: tags[emulationTag.modelType] ?? null,
    runId: info.run_id,
    status: toStatus(tags[emulationTag.status]),
    creationTime: Number(tags[emulationTag.creationTime] ?? 0),
    params: withoutPrefix(tags, emulationTag.paramPrefix),
    tags: withoutPrefix(tags, emulationTag.tagPrefix),
    metrics: readMetricTags(tags),
  };
}

function toStatus(text: string | undefined): LoggedModelStatus {
  return text === 'READY' || text === 'FAILED' ? text : 'PENDING';
}

function withoutPrefix(tags: Readonly<Record<string, string>>, prefix: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
