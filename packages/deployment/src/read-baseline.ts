import { driftBaselineSchema, parseStored, SlipwayError, type DriftBaseline } from '@slipway/contracts';
import type { ModelVersion, Registry, Run } from '@slipway/registry-client';
import { describeGap } from './run-of-version.ts';
import { artifactPath } from './run-tags.ts';

/** The drift baseline of a version, from the files of its run. @throws SlipwayError `file_not_found` without one */
export async function readBaseline(
  registry: Registry,
  version: ModelVersion,
  run: Run | undefined,
): Promise<DriftBaseline> {
  const gap = describeGap(version, run);
  if (run === undefined || gap !== undefined) throw withoutBaseline(version, `it ${gap ?? ''}`);
  const content = await readFile(registry, version, run);
  return parseStored(driftBaselineSchema, 'drift baseline', JSON.parse(new TextDecoder().decode(content)));
}

async function readFile(registry: Registry, version: ModelVersion, { runId }: Run): Promise<Uint8Array> {
  try {
    return await registry.readArtifact(runId, artifactPath.baseline);
  } catch (error) {
    const isLost = SlipwayError.isInstance(error) && error.code === 'file_not_found';
    throw isLost ? withoutBaseline(version, `run ${runId} has lost the file`, error) : error;
  }
}

function withoutBaseline({ name, version }: ModelVersion, why: string, cause?: unknown): SlipwayError {
  return new SlipwayError('file_not_found', {
    what: `Version ${version} of ${name} has no drift baseline: ${why}`,
    next: 'Return to an earlier version with "slipway rollback", or let another serve with "slipway promote"',
    cause,
  });
}
