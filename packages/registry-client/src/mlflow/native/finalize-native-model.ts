import type { LoggedModel } from '../../logged-model.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { isMissing } from '../mlflow-answer.ts';
import type { MlflowRequest } from '../mlflow-request.ts';
import { loggedModelNotFound } from '../not-found-errors.ts';
import { readBody } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { getLoggedModelSchema, toLoggedModel, wireStatusOf } from '../wire/logged-model-schema.ts';
import { linkRunToModel } from './link-run-to-model.ts';

/** Sets the status, and mends the tie to the run that a killed process may have left out. */
export async function finalizeNativeModel(
  transport: MlflowTransport,
  modelId: string,
  status: 'READY' | 'FAILED',
): Promise<LoggedModel> {
  const request: MlflowRequest = {
    action: 'finalizing a logged model',
    method: 'PATCH',
    path: trackingPath(`logged-models/${encodeURIComponent(modelId)}`),
    body: { model_id: modelId, status: wireStatusOf[status] },
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw loggedModelNotFound(modelId);
  const model = toLoggedModel(readBody(answer, { transport, request, schema: getLoggedModelSchema }).model);
  if (model.runId !== null) await linkRunToModel(transport, model.runId, modelId);
  return model;
}
