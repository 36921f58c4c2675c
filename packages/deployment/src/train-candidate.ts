import {
  getNumericColumn,
  selectColumns,
  takeRows,
  type ColumnBatch,
  type ColumnSpec,
} from '@slipway/contracts';
import { writeArtifact, type ArtifactFile, type FittedModel } from '@slipway/models';
import { trainModel } from '@slipway/training';
import type { Attempt } from './attempt.ts';
import { featureTableOf } from './feature-table-of.ts';
import { runTag } from './run-tags.ts';

export interface Candidate {
  readonly fitted: FittedModel;
  readonly files: readonly ArtifactFile[];
  readonly digest: string;
}

/** Step 3. Fits the model on the training rows (preprocessing included) and writes its artifact bytes. */
export async function trainCandidate(attempt: Attempt, train: ColumnBatch): Promise<Candidate> {
  const { context, model, run } = attempt;
  const features = selectColumns(train, model.features);
  const fitted = await trainModel({
    preprocessing: model.preprocessing,
    estimator: model.estimator,
    targetTransform: model.targetTransform,
    features,
    target: getNumericColumn(train, model.target).values,
    targetName: model.target,
    entityKey: entityKeyOf(attempt),
    workers: context.workers,
    memoryBytes: context.memoryBytes,
    onProgress: ({ done, total }) => context.onStep?.({ kind: 'progress', step: 'train', done, total }),
  });
  const example = takeRows(
    features,
    [0, 1, 2, 3, 4].filter((row) => row < features.rowCount),
  );
  const { files, digest } = writeArtifact(fitted, { inputExample: example });
  await context.registry.logBatch(run.runId, {
    params: flattenParameters({
      estimator: model.estimator,
      split: model.split,
      targetTransform: model.targetTransform,
    }),
    tags: { [runTag.artifactDigest]: digest },
  });
  return { fitted, files, digest };
}

/** Entity key columns with their types, so that serving writes keys as labels have them. */
function entityKeyOf({ context, model }: Attempt): ColumnSpec[] {
  const { columns, entityKey } = featureTableOf(context, model);
  return entityKey.map((name) => ({ name, type: columns[name]!.type }));
}

/** Nested configuration as MLflow parameters: dotted names, values as text. */
function flattenParameters(value: unknown, path = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { [path]: String(value) };
  return Object.assign(
    {},
    ...Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => flattenParameters(member, path === '' ? key : `${path}.${key}`)),
  ) as Record<string, string>;
}
