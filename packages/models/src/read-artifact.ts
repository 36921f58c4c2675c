import { artifactManifestSchema, parseStored, sha256Hex, SlipwayError } from '@slipway/contracts';
import { checkFitVersions, checkSameModel } from './check-manifest.ts';
import { damagedNext } from './damaged-next.ts';
import type { FittedEstimator } from './fitted-estimator.ts';
import type { FittedModel } from './fitted-model.ts';
import { decodeForest } from './forest-bytes.ts';
import { artifactFileNames, modelDocumentSchema } from './model-document.ts';
import type { ArtifactFile } from './write-artifact.ts';

/**
 * Reads a model from its files, after checking each against the manifest's size and sha256. A file that the manifest does not
 * list is never read as a part of the model.
 * @param options.digest what the artifact's digest must be: the manifest's own sha256. Left out, a manifest that was
 * replaced together with its files passes
 * @throws SlipwayError `artifact_invalid` for a missing, damaged or unreadable file, `format_unsupported` for a format or a fit
 * version that is newer than this program
 */
export function readArtifact(
  files: readonly ArtifactFile[],
  { digest }: { readonly digest?: string | undefined } = {},
): FittedModel {
  const all = new Map(files.map(({ path, content }) => [path, content]));
  if (digest !== undefined) checkSha256(all, artifactFileNames.manifest, digest);
  const manifest = parseStored(
    artifactManifestSchema,
    'artifact manifest',
    decodeJson(all, artifactFileNames.manifest),
  );
  checkFitVersions(manifest);
  for (const { path, size, sha256 } of manifest.files) {
    checkSize(all, path, size);
    checkSha256(all, path, sha256);
  }
  const contents = new Map(manifest.files.map(({ path }) => [path, contentOf(all, path)]));
  const document = parseStored(modelDocumentSchema, 'model', decodeJson(contents, artifactFileNames.model));
  checkSameModel(manifest, { family: document.estimator.family, signature: document.signature });
  const estimator: FittedEstimator =
    document.estimator.family === 'random-forest'
      ? { ...decodeForest(contentOf(contents, artifactFileNames.forest)), ...document.estimator }
      : document.estimator;
  return { ...document, estimator };
}

function checkSize(contents: ReadonlyMap<string, Uint8Array>, path: string, size: number): void {
  const { length } = contentOf(contents, path);
  if (length !== size) throw damaged(path, { expected: `${size} bytes`, received: `${length}` });
}

function checkSha256(contents: ReadonlyMap<string, Uint8Array>, path: string, sha256: string): void {
  if (sha256Hex(contentOf(contents, path)) === sha256) return;
  throw damaged(path, { expected: `sha256 ${sha256}`, received: 'other bytes' });
}

function damaged(path: string, told: { readonly expected: string; readonly received: string }): SlipwayError {
  return new SlipwayError('artifact_invalid', {
    what: `The file "${path}" of the model is damaged`,
    ...told,
    next: damagedNext,
  });
}

function contentOf(contents: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const content = contents.get(path);
  if (content !== undefined) return content;
  throw new SlipwayError('artifact_invalid', {
    what: `The model lacks its file "${path}"`,
    next: damagedNext,
  });
}

function decodeJson(contents: ReadonlyMap<string, Uint8Array>, path: string): unknown {
  const text = new TextDecoder().decode(contentOf(contents, path));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SlipwayError('artifact_invalid', {
      what: `The file "${path}" of the model is no JSON`,
      next: damagedNext,
      cause,
    });
  }
}
