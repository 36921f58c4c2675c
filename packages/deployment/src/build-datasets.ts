import { columnsWithRole, type ColumnBatch, type DatasetRef, type Relation } from '@slipway/contracts';
import { buildTrainTest, linkDataset, readDataset } from '@slipway/datasets';
import type { Attempt } from './attempt.ts';
import { datasetInput } from './dataset-input.ts';
import { checkDigests } from './datasets-of-version.ts';
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
  if (attempt.datasetsOf !== undefined)
    checkDigests(attempt.datasetsOf, { train: train.ref, test: test.ref });
  for (const { ref } of [train, test]) {
    await linkDataset(database, {
      digest: ref.digest,
      runId: run.runId,
      model: attempt.name,
      context: ref.kind,
    });
  }
  await registry.logInputs(run.runId, [datasetInput(model, train.ref), datasetInput(model, test.ref)]);
  await registry.logBatch(run.runId, {
    tags: { [runTag.trainDigest]: train.ref.digest, [runTag.testDigest]: test.ref.digest },
  });
  return {
    train: train.ref,
    test: test.ref,
    keyColumns: keyColumnsOf(relation),
    eventTime: columnsWithRole(relation, 'eventTime')[0],
    created: train.created || test.created,
  };
}

/** The columns of the row key, in the order that rows are read in. */
export function keyColumnsOf(relation: Relation): string[] {
  return [...columnsWithRole(relation, 'entityKey'), ...columnsWithRole(relation, 'eventTime')];
}

/** The rows of a dataset in row-key order, so that the same digest gives the same training run. */
export function readInKeyOrder(
  attempt: Attempt,
  ref: DatasetRef,
  keyColumns: readonly string[],
): Promise<ColumnBatch> {
  return readDataset(attempt.context.database, ref, { orderBy: keyColumns });
}
