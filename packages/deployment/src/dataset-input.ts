import type { DatasetRef } from '@slipway/contracts';
import type { DatasetInput } from '@slipway/registry-client';
import type { ModelDefinition } from './model-definition.ts';

/** What a dataset is to a run: its badge in MLflow's pages, and the end of its name there. */
const roles = { train: 'training', test: 'test', predictions: 'test_predictions' } as const;

/**
 * A dataset as an MLflow dataset input. MLflow takes 36 characters of digest: the whole one stands in source and profile,
 * and in a tag of the run. A name for each role, as a run takes a dataset of one name and digest once.
 */
export function datasetInput({ name }: Pick<ModelDefinition, 'name'>, ref: DatasetRef): DatasetInput {
  const role = roles[ref.kind];
  return {
    name: `${name}.${role}`,
    digest: ref.digest.slice(0, 32),
    source: JSON.stringify({ schema: ref.schema, table: ref.table, digest: ref.digest }),
    sourceType: 'postgres',
    schema: JSON.stringify({ mlflow_colspec: ref.columns.map(({ name, type }) => ({ name, type })) }),
    profile: JSON.stringify({
      num_rows: ref.rowCount,
      table: `${ref.schema}.${ref.table}`,
      sha256: ref.digest,
    }),
    tags: { 'mlflow.data.context': role },
  };
}
