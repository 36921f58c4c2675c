import { z } from 'zod';
import type { LoggedModel, LoggedModelMetric, LoggedModelStatus } from '../../logged-model.ts';
import { wireDouble, wireInteger, wireList, wirePairs, wireText } from './wire-values.ts';

const statuses: Readonly<Record<string, LoggedModelStatus>> = {
  LOGGED_MODEL_PENDING: 'PENDING',
  LOGGED_MODEL_READY: 'READY',
  LOGGED_MODEL_UPLOAD_FAILED: 'FAILED',
};

/** MLflow's name of a status. */
export const wireStatusOf = { READY: 'LOGGED_MODEL_READY', FAILED: 'LOGGED_MODEL_UPLOAD_FAILED' } as const;

const metricSchema = z
  .object({
    key: z.string(),
    value: wireDouble,
    timestamp: wireInteger.nullish(),
    step: wireInteger.nullish(),
    run_id: wireText,
    dataset_name: z.string().nullish(),
    dataset_digest: z.string().nullish(),
  })
  .transform((metric): LoggedModelMetric => {
    const { key, value, timestamp, step, run_id: runId, dataset_name: name, dataset_digest: digest } = metric;
    const dataset = name && digest ? { datasetName: name, datasetDigest: digest } : {};
    return { key, value, timestamp: timestamp ?? 0, step: step ?? 0, runId, ...dataset };
  });

export const wireLoggedModelSchema = z.object({
  info: z.object({
    model_id: z.string(),
    experiment_id: z.string(),
    name: wireText,
    model_type: z.string().nullish(),
    source_run_id: z.string().nullish(),
    status: z.string().nullish(),
    creation_timestamp_ms: wireInteger.nullish(),
    artifact_uri: wireText,
    tags: wirePairs,
  }),
  data: z.object({ params: wirePairs, metrics: wireList(metricSchema) }).nullish(),
});

export const getLoggedModelSchema = z.object({ model: wireLoggedModelSchema });

export type WireLoggedModel = z.output<typeof wireLoggedModelSchema>;

/** Our noun from MLflow's. An unknown status counts as pending: its files may not be complete. */
export function toLoggedModel({ info, data }: WireLoggedModel): LoggedModel {
  return {
    modelId: info.model_id,
    experimentId: info.experiment_id,
    name: info.name,
    modelType: info.model_type || null,
    runId: info.source_run_id || null,
    status: statuses[info.status ?? ''] ?? 'PENDING',
    creationTime: info.creation_timestamp_ms ?? 0,
    params: data?.params ?? {},
    tags: info.tags,
    metrics: [...(data?.metrics ?? [])].sort(compareModelMetrics),
  };
}

/** By key, then timestamp, then step. */
export function compareModelMetrics(a: LoggedModelMetric, b: LoggedModelMetric): number {
  return (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || a.timestamp - b.timestamp || a.step - b.step;
}
