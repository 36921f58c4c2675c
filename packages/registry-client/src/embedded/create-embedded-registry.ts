import { createCheckedRegistry } from '../create-checked-registry.ts';
import type { Registry } from '../registry.ts';
import { embeddedModelRegistry } from './embedded-model-registry.ts';
import type { EmbeddedRegistryOptions } from './embedded-registry-options.ts';
import { embeddedRunRegistry } from './embedded-run-registry.ts';

/**
 * The registry in Postgres, for development and tests: the same interface and the same refusals as MLflow's, with
 * files in the database so that every process sees them.
 */
export function createEmbeddedRegistry(options: EmbeddedRegistryOptions): Registry {
  return createCheckedRegistry({
    kind: 'embedded',
    ...embeddedRunRegistry(options),
    ...embeddedModelRegistry(options),
  });
}
