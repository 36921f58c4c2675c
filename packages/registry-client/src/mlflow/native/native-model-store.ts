import { SlipwayError } from '@slipway/contracts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { emulatedModelStore } from '../emulated/emulated-model-store.ts';
import { logBatch } from '../log-batch.ts';
import type { LoggedModelStore } from '../logged-model-store.ts';
import { createNativeModel } from './create-native-model.ts';
import { finalizeNativeModel } from './finalize-native-model.ts';
import { findNativeModel } from './find-native-model.ts';
import { listNativeModels } from './list-native-models.ts';
import { setNativeModelTags } from './set-native-model-tags.ts';

/** MLflow 3's logged models, and those that were kept in their run before the server was upgraded. */
export function nativeModelStore(transport: MlflowTransport, now: () => number): LoggedModelStore {
  const older = emulatedModelStore(transport, now);
  return {
    create: (options) => createNativeModel(transport, options),
    find: async (modelId) => (await findNativeModel(transport, modelId)) ?? older.find(modelId),
    list: async (options) => [
      ...(await older.list(options)),
      ...(await listNativeModels(transport, options)),
    ],
    finalize: (modelId, status) =>
      finalizeNativeModel(transport, modelId, status).catch(
        whenMissing(() => older.finalize(modelId, status)),
      ),
    setTags: (modelId, tags) =>
      setNativeModelTags(transport, modelId, tags).catch(whenMissing(() => older.setTags(modelId, tags))),
    announce: async () => undefined,
    logBatch: (runId, batch) =>
      logBatch(transport, runId, batch).catch(whenMissing(() => older.logBatch(runId, batch))),
  };
}

/** Goes on with the older way when the server has no such logged model; that one says so if it has none either. */
function whenMissing<T>(goOn: () => Promise<T>): (error: unknown) => Promise<T> {
  return (error) => {
    const isMissing = SlipwayError.isInstance(error) && error.details['reason'] === 'not_found';
    if (isMissing) return goOn();
    throw error;
  };
}
