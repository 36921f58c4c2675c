import { SlipwayError } from '@slipway/contracts';
import type { ModelVersion, Registry, Run } from '@slipway/registry-client';
import { runTag } from './run-tags.ts';

/** The run that a version names; undefined when it was deleted, or when the version was registered without one. */
export async function findRunOfVersion(
  registry: Registry,
  { runId }: ModelVersion,
): Promise<Run | undefined> {
  if (runId === null) return undefined;
  try {
    return await registry.getRun(runId);
  } catch (error) {
    if (SlipwayError.isInstance(error) && error.code === 'run_not_found') return undefined;
    throw error;
  }
}

/**
 * Why nothing is known about how a version came to be, as the end of a sentence; undefined when a deployment made it. A
 * registry is open to everybody: versions come from notebooks, and runs are deleted.
 */
export function describeGap(version: ModelVersion, run: Run | undefined): string | undefined {
  if (run?.tags[runTag.kind] === 'deployment') return undefined;
  const isOurs = run === undefined && version.tags[runTag.artifactDigest] !== undefined;
  return isOurs ? 'has lost its run' : 'was not made by Slipway';
}
