import { batchFromRows, SlipwayError, type CellValue } from '@slipway/contracts';
import { artifactFileNames, predictModel, readArtifact } from '@slipway/models';
import { readModelFiles, type ModelFiles, type ModelVersion, type Registry } from '@slipway/registry-client';
import type { ModelHandle } from './model-handle.ts';

/** A loaded version with what it was built from, for the cache on disk. */
export interface LoadedModel {
  readonly handle: ModelHandle;
  readonly source: ModelFiles;
}

/**
 * Downloads a version's files, checks them against the digest the version was registered with, builds the model and
 * predicts its input example once.
 * @throws SlipwayError `artifact_invalid` when a file is damaged or replaced, or the example cannot be predicted
 */
export async function loadModelHandle(registry: Registry, version: ModelVersion): Promise<LoadedModel> {
  return buildHandle(version, await readModelFiles(registry, version));
}

/** Builds a handle from files and the digest they must have, wherever they lie. @throws SlipwayError `artifact_invalid` */
export function buildHandle(
  { name, version, runId }: Pick<ModelVersion, 'name' | 'version' | 'runId'>,
  source: ModelFiles,
): LoadedModel {
  const { files, digest } = source;
  const fitted = readArtifact(files, { digest });
  const handle: ModelHandle = { model: name, version, runId, digest: digest ?? null, fitted };
  predictExample(handle, files);
  return { handle, source };
}

/** Compiles the prediction code and proves that the version answers before it is asked. */
function predictExample({ fitted, model, version }: ModelHandle, files: ModelFiles['files']): void {
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
