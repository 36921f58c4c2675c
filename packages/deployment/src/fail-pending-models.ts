import { SlipwayError } from '@slipway/contracts';
import type { LoggedModel, Registry } from '@slipway/registry-client';

/** Marks the logged models failed that a dead process left PENDING: nobody will complete their files. */
export async function failPendingModels(registry: Registry, models: readonly LoggedModel[]): Promise<void> {
  for (const { modelId, status } of models) {
    if (status === 'PENDING') await registry.finalizeLoggedModel(modelId, 'FAILED').catch(ignoreMissing);
  }
}

/** Somebody deleted it since it was listed. */
function ignoreMissing(error: unknown): void {
  const isMissing =
    SlipwayError.isInstance(error) &&
    error.code === 'registry_rejected' &&
    error.details['reason'] === 'not_found';
  if (!isMissing) throw error;
}
