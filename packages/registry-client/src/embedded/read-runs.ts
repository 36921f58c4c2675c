import type { Queryable } from '@slipway/database';
import type { DatasetInput } from '../dataset-input.ts';
import type { Run, RunStatus } from '../run.ts';

interface RunRow {
  readonly runId: string;
  readonly experimentId: string;
  readonly runName: string;
  readonly status: RunStatus;
  readonly startTime: string;
  readonly endTime: string | null;
  readonly params: Record<string, string>;
  readonly tags: Record<string, string>;
  /** As texts: JSON has no NaN. */
  readonly metrics: Record<string, string> | null;
  readonly inputs: (DatasetInput & { schema: string | null; profile: string | null })[] | null;
  readonly modelIds: string[] | null;
}

/** Whole runs in one statement, newest start first. `where` is trusted SQL over `registry.run`. */
export async function readRuns(
  queryable: Queryable,
  { where, parameters, limit = 1 }: { where: string; parameters: readonly unknown[]; limit?: number },
): Promise<readonly Run[]> {
  const rows = await queryable.query<RunRow>(
    `SELECT run_id AS "runId", experiment_id AS "experimentId", run_name AS "runName", status,
       start_time AS "startTime", end_time AS "endTime", params, tags,
       (SELECT jsonb_object_agg(key, value::text) FROM (
          SELECT DISTINCT ON (key) key, value FROM registry.run_metric AS metric
          WHERE metric.run_id = run.run_id
          ORDER BY key, step DESC, time_ms DESC, value DESC) AS latest) AS metrics,
       (SELECT jsonb_agg(jsonb_build_object('name', name, 'digest', digest, 'source', source,
          'sourceType', source_type, 'schema', schema, 'profile', profile, 'tags', input.tags) ORDER BY input.sequence)
        FROM registry.run_input AS input JOIN registry.dataset USING (dataset_id)
        WHERE input.run_id = run.run_id) AS inputs,
       (SELECT jsonb_agg(model_id ORDER BY sequence) FROM registry.logged_model AS model
        WHERE model.run_id = run.run_id) AS "modelIds"
     FROM registry.run AS run WHERE ${where} ORDER BY start_time DESC, sequence DESC LIMIT ${limit}`,
    parameters,
  );
  return rows.map(toRun);
}

function toRun(row: RunRow): Run {
  return {
    ...row,
    startTime: Number(row.startTime),
    endTime: row.endTime === null ? null : Number(row.endTime),
    metrics: Object.fromEntries(
      Object.entries(row.metrics ?? {}).map(([key, value]) => [key, Number(value)]),
    ),
    inputs: (row.inputs ?? []).map(toInput),
    modelIds: row.modelIds ?? [],
  };
}

function toInput({ schema, profile, ...input }: NonNullable<RunRow['inputs']>[number]): DatasetInput {
  return { ...input, ...(schema === null ? {} : { schema }), ...(profile === null ? {} : { profile }) };
}
