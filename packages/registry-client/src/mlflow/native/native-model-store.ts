import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { findEmulatedModel } from '../emulated/find-emulated-model.ts';
import { listEmulatedModels } from '../emulated/list-emulated-models.ts';
import { logBatch } from '../log-batch.ts';
import type { LoggedModelStore } from '../logged-model-store.ts';
import { createNativeModel } from './create-native-model.ts';
import { finalizeNativeModel } from './finalize-native-model.ts';
import { findNativeModel } from './find-native-model.ts';
import { listNativeModels } from './list-native-models.ts';
import { setNativeModelTags } from './set-native-model-tags.ts';

/** MLflow 3's logged models. Reading also finds those that were kept in their run before the server was upgraded. */
export function nativeModelStore(transport: MlflowTransport): LoggedModelStore {
  return {
    create: (options) => createNativeModel(transport, options),
    find: async (modelId) =>
      (await findNativeModel(transport, modelId)) ?? findEmulatedModel(transport, modelId),
    list: async (options) => [
      ...(await listEmulatedModels(transport, options)),
      ...(await listNativeModels(transport, options)),
    ],
    finalize: (modelId, status) => finalizeNativeModel(transport, modelId, status),
    setTags: (modelId, tags) => setNativeModelTags(transport, modelId, tags),
    announce: async () => undefined,
    logBatch: (runId, batch) => logBatch(transport, runId, batch),
  };
}
