import { z } from 'zod';
import type { RunChange } from '../run-registry.ts';
import type { Run } from '../run.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { getRun } from './get-run.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { runNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';

/** Changes status, name or end of a run and reads it back. @throws SlipwayError `run_not_found` */
export async function updateRun(
  transport: MlflowTransport,
  runId: string,
  { status, runName, endTime }: RunChange,
): Promise<Run> {
  const request: MlflowRequest = {
    action: 'updating a run',
    method: 'POST',
    path: trackingPath('runs/update'),
    body: { run_id: runId, status, run_name: runName, end_time: endTime },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw runNotFound(runId);
  readBody(answer, { transport, request, schema: z.object({}) });
  return getRun(transport, runId);
}
