import { batchFromRows, SlipwayError, type CellValue } from '@slipway/contracts';
import { artifactFileNames, predictModel, readArtifact, type ArtifactFile } from '@slipway/models';
import type { ModelVersion, Registry } from '@slipway/registry-client';
import type { ModelHandle } from './model-handle.ts';

/** A loaded version with the files it came from, for the cache on disk. */
export interface LoadedModel {
  readonly handle: ModelHandle;
  readonly files: readonly ArtifactFile[];
}

/**
 * Downloads a version's files, checks their sha256, builds the model and predicts its input example once.
 * @throws SlipwayError `artifact_invalid` when a file is damaged or the example cannot be predicted
 */
export async function loadModelHandle(registry: Registry, version: ModelVersion): Promise<LoadedModel> {
  const { modelId } = version;
  if (modelId === null) {
    throw new SlipwayError('artifact_invalid', {
      what: `${version.name} version ${version.version} has no model files`,
    });
  }
  const listed = await registry.listModelArtifacts(modelId);
  const files = await Promise.all(
    listed.map(async ({ path }) => ({ path, content: await registry.readModelArtifact(modelId, path) })),
  );
  return buildHandle(version, files);
}

/** Builds a handle from files, wherever they come from. @throws SlipwayError `artifact_invalid` */
export function buildHandle(
  { name, version, runId }: Pick<ModelVersion, 'name' | 'version' | 'runId'>,
  files: readonly ArtifactFile[],
): LoadedModel {
  const handle: ModelHandle = { model: name, version, runId: runId ?? '', fitted: readArtifact(files) };
  predictExample(handle, files);
  return { handle, files };
}

/** Compiles the prediction code and proves that the version answers before it is asked. */
function predictExample({ fitted, model, version }: ModelHandle, files: readonly ArtifactFile[]): void {
  const example = files.find(({ path }) => path === artifactFileNames.inputExample);
  if (example === undefined) return;
  const { columns, data } = JSON.parse(new TextDecoder().decode(example.content)) as {
    columns: string[];
    data: CellValue[][];
  };
  const rows = data.map((cells) => Object.fromEntries(columns.map((name, place) => [name, cells[place]])));
  const predictions = predictModel(fitted, batchFromRows(rows, fitted.signature.inputs));
  if (predictions.every(Number.isFinite)) return;
  throw new SlipwayError('artifact_invalid', {
    what: `${model} version ${version} does not predict its own input example`,
  });
}
