import type { FittedModel } from '@slipway/models';
import { artifactDigestTag, type ModelVersion } from '@slipway/registry-client';

/** One loaded version: what a request is answered with from its first row to its last. */
export interface ModelHandle {
  /** Registered name. */
  readonly model: string;
  readonly version: string;
  /** Run that trained it; null for a version that was registered without one. */
  readonly runId: string | null;
  /** Of the artifact; null for a version that was registered without one. */
  readonly digest: string | null;
  readonly fitted: FittedModel;
}

/**
 * True when a version is what the handle was loaded from. The number alone does not tell: a registered model that was
 * deleted and deployed again begins at 1.
 */
export function isHandleOf(
  handle: ModelHandle | undefined,
  { version, runId, tags }: Pick<ModelVersion, 'version' | 'runId' | 'tags'>,
): boolean {
  const digest = tags[artifactDigestTag] ?? null;
  return handle?.version === version && handle.runId === runId && handle.digest === digest;
}
