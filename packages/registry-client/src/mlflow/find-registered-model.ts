import type { RegisteredModel } from '../registered-model.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getRegisteredModelSchema } from './wire/registered-model-schema.ts';

export async function findRegisteredModel(
  transport: MlflowTransport,
  name: string,
): Promise<RegisteredModel | undefined> {
  const request: MlflowRequest = {
    action: 'reading a registered model',
    method: 'GET',
    path: trackingPath('registered-models/get'),
    query: { name },
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) return undefined;
  return readBody(answer, { transport, request, schema: getRegisteredModelSchema }).registered_model;
}
