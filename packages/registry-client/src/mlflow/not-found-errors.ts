import { SlipwayError } from '@slipway/contracts';
import { registryRejected } from '../registry-rejected.ts';

export function experimentNotFound(experimentId: string): SlipwayError {
  const what = `No experiment with id ${experimentId}`;
  return registryRejected({ field: 'experimentId', reason: 'not_found', what });
}

export function runNotFound(runId: string): SlipwayError {
  return new SlipwayError('run_not_found', {
    what: `The registry has no run ${runId}`,
    next: 'Look it up where the run was made: a deploy prints the id of a run that the gate refused',
  });
}

export function loggedModelNotFound(modelId: string): SlipwayError {
  const what = `The registry has no logged model ${modelId}`;
  return registryRejected({ field: 'modelId', reason: 'not_found', what });
}

export function registeredModelNotFound(name: string): SlipwayError {
  const what = `No registered model ${name}`;
  return registryRejected({
    field: 'name',
    reason: 'not_found',
    what,
    next: 'Call ensureRegisteredModel first',
  });
}

export function versionNotFound(name: string, version: string): SlipwayError {
  return new SlipwayError('model_version_not_found', {
    what: `The registry has no version ${version} of ${name}`,
    next: 'Look up the versions with "slipway status"',
  });
}

export function fileNotFound(path: string, owner: string): SlipwayError {
  return new SlipwayError('file_not_found', {
    what: `The registry has no file "${path}" of ${owner}`,
    next: 'List its files to see what is there',
  });
}
