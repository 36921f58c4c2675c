import type { Experiment } from '../experiment.ts';
import { registryRejected } from '../registry-rejected.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getExperimentSchema } from './wire/experiment-schema.ts';

/**
 * Looks an experiment up by name. MLflow answers with a deleted one too.
 * @throws SlipwayError `registry_rejected` (`conflict`) when it is deleted: its name cannot be used until it is restored
 */
export async function findExperiment(
  transport: MlflowTransport,
  name: string,
): Promise<Experiment | undefined> {
  const request: MlflowRequest = {
    action: 'reading an experiment',
    method: 'GET',
    path: trackingPath('experiments/get-by-name'),
    query: { experiment_name: name },
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) return undefined;
  const { experiment } = readBody(answer, { transport, request, schema: getExperimentSchema });
  if (experiment.lifecycle_stage === 'deleted') throw deletedExperiment(name, experiment.experiment_id);
  return {
    experimentId: experiment.experiment_id,
    name: experiment.name,
    creationTime: experiment.creation_time ?? 0,
    tags: experiment.tags,
  };
}

function deletedExperiment(name: string, experimentId: string): Error {
  return registryRejected({
    field: 'name',
    reason: 'conflict',
    what: `The experiment ${name} is deleted on the tracking server, and its name is still taken`,
    next: `Restore it ("mlflow experiments restore -x ${experimentId}"), or remove it for good with "mlflow gc"`,
  });
}
