import { z } from 'zod';
import type { RunMetric } from '../../run-metric.ts';
import { wireDouble, wireInteger } from './wire-values.ts';

export const wireMetricSchema = z
  .object({
    key: z.string(),
    value: wireDouble,
    timestamp: wireInteger.nullish(),
    step: wireInteger.nullish(),
  })
  .transform(({ key, value, timestamp, step }): RunMetric => ({
    key,
    value,
    timestamp: timestamp ?? 0,
    step: step ?? 0,
  }));

/** A metric as log-batch takes it: NaN as a text, as JSON has none. */
export function toWireMetric({
  key,
  value,
  timestamp,
  step,
  modelId,
  datasetName,
  datasetDigest,
}: RunMetric): object {
  return {
    key,
    value: Number.isNaN(value) ? 'NaN' : value,
    timestamp,
    step,
    model_id: modelId,
    dataset_name: datasetName,
    dataset_digest: datasetDigest,
  };
}

/** By step, then timestamp, then value. */
export function compareMetrics(a: RunMetric, b: RunMetric): number {
  return a.step - b.step || a.timestamp - b.timestamp || a.value - b.value;
}
