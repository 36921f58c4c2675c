import type { RegisteredModel } from '../registered-model.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { findRegisteredModel } from './find-registered-model.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getRegisteredModelSchema } from './wire/registered-model-schema.ts';
import { toWirePairs } from './wire/wire-values.ts';

/** Finds or creates a registered model; safe when called at the same time, and after a lost answer. */
export async function ensureRegisteredModel(
  transport: MlflowTransport,
  name: string,
  {
    tags = {},
    description,
  }: { readonly tags?: Readonly<Record<string, string>>; readonly description?: string } = {},
): Promise<RegisteredModel> {
  const known = await findRegisteredModel(transport, name);
  if (known !== undefined) return known;
  const request: MlflowRequest = {
    action: 'creating a registered model',
    method: 'POST',
    path: trackingPath('registered-models/create'),
    body: { name, tags: toWirePairs(tags), description },
    // A second arrival is told that the name exists.
    isRepeatable: true,
  };
  const answer = await transport.send(request);
  const made =
    !answer.ok && answer.errorCode === 'RESOURCE_ALREADY_EXISTS'
      ? await findRegisteredModel(transport, name)
      : readBody(answer, { transport, request, schema: getRegisteredModelSchema }).registered_model;
  if (made === undefined) throw new Error('a registered model vanished');
  return made;
}
