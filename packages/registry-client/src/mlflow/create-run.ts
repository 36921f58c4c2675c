import type { CreateRunOptions } from '../run-registry.ts';
import type { Run } from '../run.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { experimentNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getRunSchema, toRun } from './wire/run-schema.ts';
import { toWirePairs } from './wire/wire-values.ts';

/**
 * Makes a new run, status RUNNING. Sent once: after a lost answer it may be there all the same.
 * @throws SlipwayError `registry_rejected` (`not_found`) for an unknown experiment
 */
export async function createRun(
  transport: MlflowTransport,
  { experimentId, runName, startTime, tags = {} }: CreateRunOptions,
): Promise<Run> {
  const request: MlflowRequest = {
    action: 'creating a run',
    method: 'POST',
    path: trackingPath('runs/create'),
    body: {
      experiment_id: experimentId,
      run_name: runName,
      start_time: startTime,
      tags: toWirePairs({ ...tags, 'mlflow.runName': runName }),
    },
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw experimentNotFound(experimentId);
  return toRun(readBody(answer, { transport, request, schema: getRunSchema }).run);
}
