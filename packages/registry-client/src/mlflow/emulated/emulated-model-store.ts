import type { LoggedModel } from '../../logged-model.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import type { FoundLoggedModel, LoggedModelStore } from '../logged-model-store.ts';
import { logBatch } from '../log-batch.ts';
import { loggedModelNotFound } from '../not-found-errors.ts';
import { announceEmulatedModel } from './announce-emulated-model.ts';
import { createEmulatedModel } from './create-emulated-model.ts';
import { emulationTag } from './emulation-tags.ts';
import { findEmulatedModel } from './find-emulated-model.ts';
import { listEmulatedModels } from './list-emulated-models.ts';
import { logEmulatedBatch } from './log-emulated-batch.ts';
import { prefixTags } from './prefix-tags.ts';

/** Logged models before MLflow 3: files in the run's folder `model`, everything else in its tags. */
export function emulatedModelStore(transport: MlflowTransport, now: () => number): LoggedModelStore {
  const get = async (modelId: string): Promise<FoundLoggedModel & { readonly runId: string }> => {
    const found = await findEmulatedModel(transport, modelId);
    if (found === undefined || found.model.runId === null) throw loggedModelNotFound(modelId);
    return { ...found, runId: found.model.runId };
  };
  return {
    create: (options) => createEmulatedModel(transport, options, now()),
    find: (modelId) => findEmulatedModel(transport, modelId),
    list: (options) => listEmulatedModels(transport, options),
    async finalize(modelId, status): Promise<LoggedModel> {
      const { runId } = await get(modelId);
      await logBatch(transport, runId, { tags: { [emulationTag.status]: status } });
      return (await get(modelId)).model;
    },
    async setTags(modelId, tags) {
      const { runId } = await get(modelId);
      const prefixed = prefixTags(tags, { prefix: emulationTag.tagPrefix, field: 'tags' });
      await logBatch(transport, runId, { tags: prefixed });
    },
    async announce(modelId, mlmodel) {
      const { runId } = await get(modelId);
      await announceEmulatedModel(transport, { runId, mlmodel, now: now() });
    },
    logBatch: (runId, batch) => logEmulatedBatch(transport, runId, batch),
  };
}
