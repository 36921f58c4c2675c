import { z } from 'zod';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';

/** Deletes a run tag; one that is gone is fine. */
export async function deleteRunTag(transport: MlflowTransport, runId: string, key: string): Promise<void> {
  const request: MlflowRequest = {
    action: 'deleting a run tag',
    method: 'POST',
    path: trackingPath('runs/delete-tag'),
    body: { run_id: runId, key },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) return;
  readBody(answer, { transport, request, schema: z.object({}) });
}
