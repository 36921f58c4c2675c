import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { runNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getRunSchema, type WireRun } from './wire/run-schema.ts';

/** A run as MLflow has it. @throws SlipwayError `run_not_found` */
export async function fetchRun(transport: MlflowTransport, runId: string): Promise<WireRun> {
  const run = await findWireRun(transport, runId);
  if (run === undefined) throw runNotFound(runId);
  return run;
}

/** A run as MLflow has it, if it is there. */
export async function findWireRun(transport: MlflowTransport, runId: string): Promise<WireRun | undefined> {
  const request: MlflowRequest = {
    action: 'reading a run',
    method: 'GET',
    path: trackingPath('runs/get'),
    query: { run_id: runId },
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) return undefined;
  return readBody(answer, { transport, request, schema: getRunSchema }).run;
}
