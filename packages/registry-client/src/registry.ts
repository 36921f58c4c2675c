import type { ModelRegistry } from './model-registry.ts';
import type { RunRegistry } from './run-registry.ts';

/**
 * What was tried, decided and deployed: experiments, runs, models, versions and aliases, shaped like MLflow.
 * A value MLflow would refuse or quietly change rejects with `registry_rejected` and `details.field`.
 */
export interface Registry extends RunRegistry, ModelRegistry {
  readonly kind: 'mlflow' | 'embedded';
}
