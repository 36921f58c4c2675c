import type { ModelVersion } from '../model-version.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { versionNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getModelVersionSchema } from './wire/model-version-schema.ts';

/** @throws SlipwayError `model_version_not_found` */
export async function getModelVersion(
  transport: MlflowTransport,
  name: string,
  version: string,
): Promise<ModelVersion> {
  const request: MlflowRequest = {
    action: 'reading a model version',
    method: 'GET',
    path: trackingPath('model-versions/get'),
    query: { name, version },
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw versionNotFound(name, version);
  return readBody(answer, { transport, request, schema: getModelVersionSchema }).model_version;
}
