import { checkedModelRegistry } from './checked-model-registry.ts';
import { checkedRunRegistry } from './checked-run-registry.ts';
import type { Registry } from './registry.ts';

/**
 * The same registry with every argument checked before it is sent: types, lengths, counts and patterns as MLflow has
 * them, so that every implementation refuses the same values with the same error.
 * Its methods reject with `registry_rejected` and `details.field`.
 */
export function createCheckedRegistry(registry: Registry): Registry {
  return { kind: registry.kind, ...checkedRunRegistry(registry), ...checkedModelRegistry(registry) };
}
