import { checkMetric } from './check-metric.ts';
import { checkTexts } from './check-texts.ts';
import { registryLimits } from './registry-limits.ts';
import type { RunBatch } from './run-registry.ts';

/** Checks a batch, of any size, before anything is written. @throws SlipwayError `registry_rejected` */
export function checkRunBatch({ params, metrics = [], tags }: RunBatch): void {
  const { paramValueLength, runTagValueLength } = registryLimits;
  checkTexts(params, { field: 'params', valueLength: paramValueLength, count: Infinity });
  checkTexts(tags, { field: 'tags', valueLength: runTagValueLength, count: Infinity });
  for (const metric of metrics) checkMetric(metric);
}
