import type { ModelVersion } from '../model-version.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { isMissing, type MlflowAnswer } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getModelVersionSchema } from './wire/model-version-schema.ts';

/**
 * The version an alias points at. `undefined` when the alias is not set (400, told from other 400s by its message), the
 * model is unknown (404; 400 before MLflow 3), or its version was deleted (404 before MLflow 3, which leaves the alias).
 */
export async function findVersionByAlias(
  transport: MlflowTransport,
  name: string,
  alias: string,
): Promise<ModelVersion | undefined> {
  const request: MlflowRequest = {
    action: 'reading an alias',
    method: 'GET',
    path: trackingPath('registered-models/alias'),
    query: { name, alias },
  };
  const answer = await transport.send(request);
  if (isMissing(answer) || isUnset(answer)) return undefined;
  return readBody(answer, { transport, request, schema: getModelVersionSchema }).model_version;
}

function isUnset(answer: MlflowAnswer): boolean {
  return !answer.ok && answer.status === 400 && /^Registered model alias .* not found/s.test(answer.message);
}
