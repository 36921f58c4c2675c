import { z } from 'zod';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';

/** Removes an alias; one that is not set, or of an unknown model, is fine. */
export async function deleteAlias(transport: MlflowTransport, name: string, alias: string): Promise<void> {
  const request: MlflowRequest = {
    action: 'deleting an alias',
    method: 'DELETE',
    path: trackingPath('registered-models/alias'),
    // MLflow reads a DELETE from its body, not from the address.
    body: { name, alias },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) return;
  readBody(answer, { transport, request, schema: z.object({}) });
}
