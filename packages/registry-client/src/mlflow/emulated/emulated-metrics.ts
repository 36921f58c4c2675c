import { canonicalJson, sha256Hex } from '@slipway/contracts';
import { z } from 'zod';
import type { LoggedModelMetric } from '../../logged-model.ts';
import type { RunMetric } from '../../run-metric.ts';
import { compareModelMetrics } from '../wire/logged-model-schema.ts';
import { emulationTag } from './emulation-tags.ts';

const schema = z.object({
  key: z.string(),
  value: z.number(),
  timestamp: z.number(),
  step: z.number(),
  runId: z.string(),
  datasetName: z.string().optional(),
  datasetDigest: z.string().optional(),
});

/** The tag that holds one metric of a logged model; its name is a hash of MLflow's key, which has no dataset in it. */
export function toMetricTag(
  { key, value, timestamp, step, datasetName, datasetDigest }: RunMetric,
  runId: string,
): readonly [name: string, value: string] {
  const identity = sha256Hex(canonicalJson([key, timestamp, step, runId])).slice(0, 32);
  const dataset = datasetName === undefined ? {} : { datasetName, datasetDigest };
  const content = canonicalJson({ key, value, timestamp, step, runId, ...dataset });
  return [`${emulationTag.metricPrefix}${identity}`, content];
}

/** The metrics a run's tags hold for its logged model. */
export function readMetricTags(tags: Readonly<Record<string, string>>): readonly LoggedModelMetric[] {
  return Object.entries(tags)
    .filter(([name]) => name.startsWith(emulationTag.metricPrefix))
    .map(([, content]): LoggedModelMetric => schema.parse(JSON.parse(content)))
    .sort(compareModelMetrics);
}
