import { z } from 'zod';
import type { DatasetInput } from '../../dataset-input.ts';
import { runStatuses, type Run } from '../../run.ts';
import { emulatedModelId, isEmulationTag } from '../emulated/emulation-tags.ts';
import { wireDouble, wireInteger, wireList, wirePairs, wireText } from './wire-values.ts';

const datasetInputSchema = z
  .object({
    dataset: z.object({
      name: wireText,
      digest: wireText,
      source: wireText,
      source_type: wireText,
      schema: z.string().nullish(),
      profile: z.string().nullish(),
    }),
    tags: wirePairs,
  })
  .transform(({ dataset, tags }): DatasetInput => {
    const { name, digest, source, source_type: sourceType, schema, profile } = dataset;
    return {
      name,
      digest,
      source,
      sourceType,
      ...(schema ? { schema } : {}),
      ...(profile ? { profile } : {}),
      tags,
    };
  });

/** A run as MLflow sends it, with where its files lie. */
export const wireRunSchema = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    run_name: z.string().nullish(),
    status: z.enum(runStatuses).nullish(),
    start_time: wireInteger.nullish(),
    end_time: wireInteger.nullish(),
    artifact_uri: wireText,
  }),
  data: z
    .object({
      metrics: wireList(z.object({ key: z.string(), value: wireDouble })),
      params: wirePairs,
      tags: wirePairs,
    })
    .nullish(),
  inputs: z.object({ dataset_inputs: wireList(datasetInputSchema) }).nullish(),
  outputs: z
    .object({ model_outputs: wireList(z.object({ model_id: z.string(), step: wireInteger.nullish() })) })
    .nullish(),
});

export type WireRun = z.output<typeof wireRunSchema>;

export const getRunSchema = z.object({ run: wireRunSchema });

/** Our noun from MLflow's. */
export function toRun({ info, data, inputs, outputs }: WireRun): Run {
  const tags = data?.tags ?? {};
  const models = [...(outputs?.model_outputs ?? [])].sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
  const emulated = emulatedModelId(info.run_id, tags);
  return {
    runId: info.run_id,
    experimentId: info.experiment_id,
    runName: info.run_name ?? tags['mlflow.runName'] ?? '',
    status: info.status ?? 'RUNNING',
    startTime: info.start_time ?? 0,
    endTime: info.end_time || null,
    params: data?.params ?? {},
    metrics: Object.fromEntries((data?.metrics ?? []).map(({ key, value }) => [key, value])),
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !isEmulationTag(key))),
    inputs: inputs?.dataset_inputs ?? [],
    modelIds: [...models.map((model) => model.model_id), ...(emulated === undefined ? [] : [emulated])],
  };
}
