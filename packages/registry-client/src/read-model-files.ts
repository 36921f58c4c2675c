import { SlipwayError } from '@slipway/contracts';
import type { ModelRegistry } from './model-registry.ts';
import type { ModelVersion } from './model-version.ts';

/** Version tag that holds the digest of the model's artifact, as it was when the version was registered. */
export const artifactDigestTag = 'slipway.artifact_digest';

/** The files of a version's logged model. */
export interface ModelFiles {
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[];
  /** Digest the artifact must have; undefined for a version that was registered without {@link artifactDigestTag}. */
  readonly digest: string | undefined;
}

/**
 * Downloads the model of a version, with the digest that its files are to be checked against.
 * @throws SlipwayError `artifact_invalid` when the version has no logged model
 */
export async function readModelFiles(
  registry: Pick<ModelRegistry, 'listModelArtifacts' | 'readModelArtifact'>,
  { name, version, modelId, tags }: ModelVersion,
): Promise<ModelFiles> {
  if (modelId === null) {
    throw new SlipwayError('artifact_invalid', {
      what: `${name} version ${version} has no model files`,
      next: 'Deploy the model with "slipway deploy"',
    });
  }
  const listed = await registry.listModelArtifacts(modelId);
  const files = await Promise.all(
    listed.map(async ({ path }) => ({ path, content: await registry.readModelArtifact(modelId, path) })),
  );
  return { files, digest: tags[artifactDigestTag] };
}
