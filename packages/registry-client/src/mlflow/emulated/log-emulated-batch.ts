import type { RunBatch } from '../../run-registry.ts';
import { registryRejected } from '../../registry-rejected.ts';
import { modelMetricConflict } from '../batch-refusal.ts';
import type { MlflowTransport } from '../create-mlflow-transport.ts';
import { findWireRun } from '../fetch-run.ts';
import { logBatch } from '../log-batch.ts';
import { toMetricTag } from './emulated-metrics.ts';
import { emulatedModelId, runOfEmulatedModel } from './emulation-tags.ts';

/**
 * Writes a batch whose metrics may name logged models that are kept in their runs: the metric goes to this run, and as a
 * tag to the run of the model. Metrics come before the batch's own tags, as on MLflow 3.
 */
export async function logEmulatedBatch(
  transport: MlflowTransport,
  runId: string,
  batch: RunBatch,
): Promise<void> {
  const { params = {}, metrics = [], tags = {} } = batch;
  const owners = await ownersOf(transport, runId, batch);
  const own = owners.get(runId) ?? {};
  const plain = metrics.map(({ key, value, timestamp, step }) => ({ key, value, timestamp, step }));
  await logBatch(transport, runId, { params, metrics: plain, tags: { ...own, ...tags } });
  for (const [ownerId, metricTags] of owners) {
    if (ownerId !== runId) await logBatch(transport, ownerId, { tags: metricTags });
  }
}

/** The metric tags of each run that keeps a model the batch names, checked before anything is written. */
async function ownersOf(
  transport: MlflowTransport,
  runId: string,
  { metrics = [] }: RunBatch,
): Promise<Map<string, Record<string, string>>> {
  const owners = new Map<string, Record<string, string>>();
  const named = metrics.filter(({ modelId }) => modelId !== undefined);
  for (const modelId of new Set(named.map((metric) => metric.modelId!))) {
    const ownerId = runOfEmulatedModel(modelId) ?? '';
    const stored = ownerId === '' ? {} : ((await findWireRun(transport, ownerId))?.data?.tags ?? {});
    if (emulatedModelId(ownerId, stored) !== modelId) throw unknownModel();
    const added: Record<string, string> = {};
    for (const metric of named.filter((candidate) => candidate.modelId === modelId)) {
      const [name, content] = toMetricTag(metric, runId);
      if ((stored[name] ?? added[name] ?? content) !== content) throw modelMetricConflict();
      added[name] = content;
    }
    owners.set(ownerId, added);
  }
  return owners;
}

function unknownModel(): Error {
  const what = 'A metric names a logged model that the registry does not have';
  return registryRejected({ field: 'metrics.modelId', reason: 'not_found', what });
}
