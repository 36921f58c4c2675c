import type { FinalRunStatus, Registry, Run } from '@slipway/registry-client';
import { failPendingModels } from './fail-pending-models.ts';

/**
 * Ends a run that nobody goes on with. Its models come first, as nobody looks at them once it has ended; what happens to
 * them keeps no run from ending.
 */
export async function endUnfinishedRun(
  registry: Registry,
  run: Run,
  end: { readonly status: FinalRunStatus; readonly endTime: number },
): Promise<void> {
  try {
    await failPendingModels(registry, await registry.listLoggedModels(run));
  } finally {
    await registry.finishRun(run.runId, end);
  }
}
