import { z } from 'zod';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { isMissing } from '../mlflow-answer.ts';
import type { MlflowRequest } from '../mlflow-request.ts';
import { loggedModelNotFound } from '../not-found-errors.ts';
import { readBody } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { toWirePairs } from '../wire/wire-values.ts';

export async function setNativeModelTags(
  transport: MlflowTransport,
  modelId: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const request: MlflowRequest = {
    action: 'tagging a logged model',
    method: 'PATCH',
    path: trackingPath(`logged-models/${encodeURIComponent(modelId)}/tags`),
    body: { model_id: modelId, tags: toWirePairs(tags) },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw loggedModelNotFound(modelId);
  readBody(answer, { transport, request, schema: z.object({}) });
}
