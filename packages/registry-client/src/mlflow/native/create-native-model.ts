import type { LoggedModel } from '../../logged-model.ts';
import type { CreateLoggedModelOptions } from '../../model-registry.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { fetchRunOfExperiment } from '../fetch-run-of-experiment.ts';
import { sendForJson } from '../read-body.ts';
import { trackingPath } from '../tracking-path.ts';
import { getLoggedModelSchema, toLoggedModel } from '../wire/logged-model-schema.ts';
import { toWirePairs } from '../wire/wire-values.ts';
import { linkRunToModel } from './link-run-to-model.ts';

/**
 * Makes a logged model, status PENDING, and ties it to its run: the server checks neither run nor experiment.
 * @throws SlipwayError `run_not_found` when the experiment has no such run
 */
export async function createNativeModel(
  transport: MlflowTransport,
  { experimentId, runId, name, modelType, params = {}, tags = {} }: CreateLoggedModelOptions,
): Promise<LoggedModel> {
  await fetchRunOfExperiment(transport, runId, experimentId);
  const { model } = await sendForJson(
    transport,
    {
      action: 'creating a logged model',
      method: 'POST',
      path: trackingPath('logged-models'),
      body: {
        experiment_id: experimentId,
        name,
        model_type: modelType,
        source_run_id: runId,
        params: toWirePairs(params),
        tags: toWirePairs(tags),
      },
    },
    getLoggedModelSchema,
  );
  const made = toLoggedModel(model);
  await linkRunToModel(transport, runId, made.modelId);
  return made;
}
