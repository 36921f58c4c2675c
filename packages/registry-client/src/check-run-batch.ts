import { checkMetric } from './check-metric.ts';
import { checkTexts } from './check-texts.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';
import type { RunBatch } from './run-registry.ts';

/** Checks a batch against MLflow's limits, before anything is written. @throws SlipwayError `registry_rejected` */
export function checkRunBatch({ params = {}, metrics = [], tags = {} }: RunBatch): void {
  const { paramValueLength, runTagValueLength, batchParams, batchTags, batchMetrics, batchTotal } =
    registryLimits;
  checkTexts(params, { field: 'params', valueLength: paramValueLength, count: batchParams });
  checkTexts(tags, { field: 'tags', valueLength: runTagValueLength, count: batchTags });
  checkCount('metrics', metrics.length, batchMetrics);
  checkCount('batch', Object.keys(params).length + metrics.length + Object.keys(tags).length, batchTotal);
  for (const metric of metrics) checkMetric(metric);
}

function checkCount(field: string, count: number, maximum: number): void {
  if (count <= maximum) return;
  throw registryRejected({
    field,
    reason: 'too_many',
    what: `${field} has too many entries`,
    expected: `at most ${maximum}`,
    received: `${count}`,
    next: 'Split it into several calls',
  });
}
