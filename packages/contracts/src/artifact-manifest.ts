import { z } from 'zod';
import { digestSchema } from './dataset.ts';
import { modelSignatureSchema } from './model-signature.ts';

/** The table of contents of a model artifact: every file with its size in bytes and sha256. */
export const artifactManifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  family: z.string(),
  /** Raised whenever the same inputs give other bytes: the family's and each preprocessing step's. */
  fitVersions: z.record(z.string(), z.int().positive()),
  signature: modelSignatureSchema,
  files: z.array(z.strictObject({ path: z.string(), size: z.int().nonnegative(), sha256: digestSchema })),
});

export type ArtifactManifest = z.infer<typeof artifactManifestSchema>;
