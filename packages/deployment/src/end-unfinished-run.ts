import type { FinalRunStatus, LoggedModel, Registry, Run } from '@slipway/registry-client';

/** Marks the logged models failed that a dead process left PENDING: nobody will complete their files. */
export async function failPendingModels(registry: Registry, models: readonly LoggedModel[]): Promise<void> {
  for (const { modelId, status } of models) {
    if (status === 'PENDING') await registry.finalizeLoggedModel(modelId, 'FAILED');
  }
}

/** Ends a run that nobody goes on with. Its models come first: once it has ended, nobody looks at them again. */
export async function endUnfinishedRun(
  registry: Registry,
  run: Run,
  end: { readonly status: FinalRunStatus; readonly endTime: number },
): Promise<void> {
  await failPendingModels(registry, await registry.listLoggedModels(run));
  await registry.finishRun(run.runId, end);
}
