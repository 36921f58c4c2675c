import { canonicalJson, SlipwayError, type ArtifactManifest, type ModelSignature } from '@slipway/contracts';
import { damagedNext } from './damaged-next.ts';
import { familyFitVersions } from './fitted-estimator.ts';
import { stepFitVersions } from './preprocessing-schema.ts';

/**
 * Holds a manifest to what this program can read: a step or family of a higher fit version may give other numbers.
 * @throws SlipwayError `format_unsupported` naming step or family and both versions
 */
export function checkFitVersions({ fitVersions }: ArtifactManifest): void {
  const known: Readonly<Record<string, number>> = { ...stepFitVersions, ...familyFitVersions };
  for (const [name, version] of Object.entries(fitVersions)) {
    const newest = known[name];
    if (newest !== undefined && version <= newest) continue;
    throw new SlipwayError('format_unsupported', {
      what: `The model was fitted by a newer version of "${name}"`,
      expected:
        newest === undefined ? 'a step or family that this program knows' : `fit version 1 to ${newest}`,
      received: `fit version ${version}`,
      next: 'Upgrade this program',
    });
  }
}

/** @throws SlipwayError `artifact_invalid` when a manifest tells of another model than the one beside it */
export function checkSameModel(
  manifest: ArtifactManifest,
  { family, signature }: { readonly family: string; readonly signature: ModelSignature },
): void {
  const isSame = manifest.family === family && canonicalJson(manifest.signature) === canonicalJson(signature);
  if (isSame) return;
  throw new SlipwayError('artifact_invalid', {
    what: 'The manifest tells of another model than the one beside it',
    expected: 'the family and the signature of "model.json"',
    next: damagedNext,
  });
}
