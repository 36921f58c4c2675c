import { toArtifactFolder } from '../artifact-folder.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import type { FoundLoggedModel } from '../logged-model-store.ts';
import { isMissing } from '../mlflow-answer.ts';
import type { MlflowRequest } from '../mlflow-request.ts';
import { readBody } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { getLoggedModelSchema, toLoggedModel } from '../wire/logged-model-schema.ts';

/** A logged model of MLflow 3, if it is there. */
export async function findNativeModel(
  transport: MlflowTransport,
  modelId: string,
): Promise<FoundLoggedModel | undefined> {
  const request: MlflowRequest = {
    action: 'reading a logged model',
    method: 'GET',
    path: trackingPath(`logged-models/${encodeURIComponent(modelId)}`),
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) return undefined;
  const { model } = readBody(answer, { transport, request, schema: getLoggedModelSchema });
  return {
    model: toLoggedModel(model),
    folder: toArtifactFolder(model.info.artifact_uri, transport.url),
    source: `models:/${modelId}`,
    isNative: true,
  };
}
