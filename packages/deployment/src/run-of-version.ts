import { SlipwayError } from '@slipway/contracts';
import type { ModelVersion, Registry, Run } from '@slipway/registry-client';

/** The run that trained a version. @throws SlipwayError `run_not_found` for a version somebody registered without a run */
export function runOfVersion(registry: Registry, version: ModelVersion): Promise<Run> {
  return registry.getRun(runIdOf(version));
}

function runIdOf({ name, version, runId }: ModelVersion): string {
  if (runId !== null) return runId;
  throw new SlipwayError('run_not_found', {
    what: `Version ${version} of ${name} has no run, so nothing is known about its training`,
    next: 'Deploy the model with "slipway deploy"',
  });
}
