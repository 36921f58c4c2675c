import { artifactManifestSchema, parseStored, sha256Hex, SlipwayError } from '@slipway/contracts';
import type { FittedEstimator } from './fitted-estimator.ts';
import type { FittedModel } from './fitted-model.ts';
import { decodeForest } from './forest-bytes.ts';
import { artifactFileNames, modelDocumentSchema } from './model-document.ts';
import type { ArtifactFile } from './write-artifact.ts';

/**
 * Reads a model from its files, after checking each against the manifest's size and sha256.
 * @throws SlipwayError `artifact_invalid` for a missing, damaged or unreadable file, `format_unsupported`
 */
export function readArtifact(files: readonly ArtifactFile[]): FittedModel {
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  const manifest = parseStored(
    artifactManifestSchema,
    'artifact manifest',
    decodeJson(contents, artifactFileNames.manifest),
  );
  for (const { path, sha256 } of manifest.files) {
    if (sha256Hex(contentOf(contents, path)) !== sha256) {
      throw new SlipwayError('artifact_invalid', {
        what: `The file "${path}" of the model is damaged`,
        expected: `sha256 ${sha256}`,
        received: 'other bytes',
      });
    }
  }
  const document = parseStored(modelDocumentSchema, 'model', decodeJson(contents, artifactFileNames.model));
  const estimator: FittedEstimator =
    document.estimator.family === 'random-forest'
      ? decodeForest(contentOf(contents, artifactFileNames.forest))
      : document.estimator;
  return { ...document, estimator };
}

function contentOf(contents: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const content = contents.get(path);
  if (content !== undefined) return content;
  throw new SlipwayError('artifact_invalid', { what: `The model lacks its file "${path}"` });
}

function decodeJson(contents: ReadonlyMap<string, Uint8Array>, path: string): unknown {
  const text = new TextDecoder().decode(contentOf(contents, path));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlipwayError('artifact_invalid', { what: `The file "${path}" of the model is no JSON`, cause });
  }
}
