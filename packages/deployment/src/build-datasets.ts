import { columnsWithRole, type ColumnBatch, type DatasetRef, type Relation } from '@slipway/contracts';
import { buildTrainTest, linkDataset, readDataset } from '@slipway/datasets';
import type { DatasetInput } from '@slipway/registry-client';
import type { Attempt } from './attempt.ts';
import { runTag } from './run-tags.ts';

export interface TrainTest {
  readonly train: DatasetRef;
  readonly test: DatasetRef;
  readonly keyColumns: readonly string[];
  readonly eventTime: string | undefined;
  readonly created: boolean;
}

/** Step 2. The immutable training and test table, stored under their content digest and linked to the run. */
export async function buildDatasets(attempt: Attempt, relation: Relation): Promise<TrainTest> {
  const { context, model, run } = attempt;
  const { database, registry } = context;
  const { train, test } = await buildTrainTest(database, { relation, split: model.split });
  for (const { ref } of [train, test]) {
    await linkDataset(database, {
      digest: ref.digest,
      runId: run.runId,
      model: attempt.name,
      context: ref.kind,
    });
  }
  await registry.logInputs(run.runId, [toInput(train.ref, 'training'), toInput(test.ref, 'evaluation')]);
  await registry.logBatch(run.runId, {
    tags: { [runTag.trainDigest]: train.ref.digest, [runTag.testDigest]: test.ref.digest },
  });
  const eventTime = columnsWithRole(relation, 'eventTime');
  return {
    train: train.ref,
    test: test.ref,
    keyColumns: [...columnsWithRole(relation, 'entityKey'), ...eventTime],
    eventTime: eventTime[0],
    created: train.created || test.created,
  };
}

/** The rows of a dataset in row-key order, so that the same digest gives the same training run. */
export function readInKeyOrder(
  attempt: Attempt,
  ref: DatasetRef,
  keyColumns: readonly string[],
): Promise<ColumnBatch> {
  return readDataset(attempt.context.database, ref, { orderBy: keyColumns });
}

/** A dataset as an MLflow dataset input. MLflow takes 36 characters of digest; the whole one is in a run tag. */
export function toInput(ref: DatasetRef, context: 'training' | 'evaluation'): DatasetInput {
  return {
    name: `${ref.schema}.${ref.table}`,
    digest: ref.digest.slice(0, 32),
    source: JSON.stringify({ schema: ref.schema, table: ref.table, digest: ref.digest }),
    sourceType: 'postgres',
    schema: JSON.stringify({ mlflow_colspec: ref.columns.map(({ name, type }) => ({ name, type })) }),
    profile: JSON.stringify({ num_rows: ref.rowCount }),
    tags: { 'mlflow.data.context': context },
  };
}
