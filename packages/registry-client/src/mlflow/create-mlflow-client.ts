import { createCheckedRegistry } from '../create-checked-registry.ts';
import type { Registry } from '../registry.ts';
import { createMlflowTransport } from './create-mlflow-transport.ts';
import { detectServer } from './detect-server.ts';
import { emulatedModelStore } from './emulated/emulated-model-store.ts';
import type { LoggedModelStore } from './logged-model-store.ts';
import type { MlflowConnectionOptions } from './mlflow-connection-options.ts';
import { mlflowModelRegistry } from './mlflow-model-registry.ts';
import { mlflowRunRegistry } from './mlflow-run-registry.ts';
import { nativeModelStore } from './native/native-model-store.ts';

/**
 * The registry of an MLflow server, version 2.22 or 3, over REST. Nothing is sent before the first call; the server's
 * version is asked for once, when a call depends on it.
 *
 * Rejections beside those of {@link Registry}: `registry_unavailable` (down, too slow, overloaded, or not MLflow),
 * `registry_auth_failed` (401, 403), `aborted`. What may be repeated is sent again after a failure; what may not is sent
 * once, and the error says when it may have been done all the same.
 * @throws SlipwayError `invalid_argument` for a tracking URI or token that cannot be used
 */
export function createMlflowClient(options: MlflowConnectionOptions): Registry {
  const { now = Date.now } = options;
  const transport = createMlflowTransport(options);
  let store: Promise<LoggedModelStore> | undefined;
  const models = (): Promise<LoggedModelStore> => {
    store ??= detectServer(transport).then(
      ({ hasLoggedModels }) =>
        hasLoggedModels ? nativeModelStore(transport, now) : emulatedModelStore(transport, now),
      (error: unknown) => {
        store = undefined;
        throw error;
      },
    );
    return store;
  };
  return createCheckedRegistry({
    kind: 'mlflow',
    ...mlflowRunRegistry(transport, models),
    ...mlflowModelRegistry(transport, models),
  });
}
