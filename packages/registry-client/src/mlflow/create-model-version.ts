import type { CreateModelVersionOptions } from '../model-registry.ts';
import type { ModelVersion } from '../model-version.ts';
import type { MlflowTransport } from './create-mlflow-transport.ts';
import { fetchRun } from './fetch-run.ts';
import type { FoundLoggedModel } from './logged-model-store.ts';
import { isMissing } from './mlflow-answer.ts';
import type { MlflowRequest } from './mlflow-request.ts';
import { registeredModelNotFound } from './not-found-errors.ts';
import { readBody } from './read-body.ts';
import { trackingPath } from './tracking-path.ts';
import { getModelVersionSchema } from './wire/model-version-schema.ts';
import { toWirePairs } from './wire/wire-values.ts';

/**
 * Makes the next version. Sent once: after a lost answer it may be there all the same; only a lost race inside the
 * server, which wrote nothing, is tried again.
 * @param model the logged model that `options.modelId` names; the server checks neither it nor the run
 * @throws SlipwayError `run_not_found`, `registry_rejected` for an unknown registered model
 */
export async function createModelVersion(
  transport: MlflowTransport,
  options: CreateModelVersionOptions,
  model?: FoundLoggedModel,
): Promise<ModelVersion> {
  const { name, runId, source = '', tags = {}, description } = options;
  await fetchRun(transport, runId);
  const request: MlflowRequest = {
    action: 'creating a model version',
    method: 'POST',
    path: trackingPath('model-versions/create'),
    body: {
      name,
      source: model?.source ?? source,
      run_id: runId,
      model_id: model?.isNative === true ? model.model.modelId : undefined,
      tags: toWirePairs(tags),
      description,
    },
    mayRepeatRefusal: true,
  };
  const answer = await transport.send(request);
  if (isMissing(answer)) throw registeredModelNotFound(name);
  return readBody(answer, { transport, request, schema: getModelVersionSchema }).model_version;
}
