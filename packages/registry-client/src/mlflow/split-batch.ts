import { registryLimits } from '../registry-limits.ts';
import type { RunBatch } from '../run-registry.ts';

/** The requests a batch becomes: one if it fits MLflow's limits, else params, then metrics, then tags. */
export function splitBatch({ params = {}, metrics = [], tags = {} }: RunBatch): readonly RunBatch[] {
  const { batchParams, batchMetrics, batchTags, batchTotal } = registryLimits;
  const paramList = Object.entries(params);
  const tagList = Object.entries(tags);
  const fits =
    paramList.length <= batchParams &&
    metrics.length <= batchMetrics &&
    tagList.length <= batchTags &&
    paramList.length + metrics.length + tagList.length <= batchTotal;
  if (fits) return [{ params, metrics, tags }];
  return [
    ...chunks(paramList, batchParams).map((part) => ({ params: Object.fromEntries(part) })),
    ...chunks(metrics, batchMetrics).map((part) => ({ metrics: part })),
    ...chunks(tagList, batchTags).map((part) => ({ tags: Object.fromEntries(part) })),
  ];
}

function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
