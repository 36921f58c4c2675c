import {
  canonicalJson,
  createColumnBatch,
  getColumn,
  getNumericColumn,
  selectColumns,
  type ColumnBatch,
  type DatasetRef,
} from '@slipway/contracts';
import { linkDataset, storePredictions } from '@slipway/datasets';
import { buildBaseline } from '@slipway/drift';
import { evaluateRegression } from '@slipway/evaluation';
import { predictModel } from '@slipway/models';
import type { Attempt } from './attempt.ts';
import type { TrainTest } from './build-datasets.ts';
import { datasetInput } from './dataset-input.ts';
import { blockNumbers } from './fresh-rows.ts';
import { artifactPath, runTag } from './run-tags.ts';
import { toTestMetrics } from './test-metrics.ts';
import type { Candidate } from './train-candidate.ts';

export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics of predicting the training mean everywhere: what a model has to beat to be one. */
  readonly meanMetrics: Readonly<Record<string, number>>;
  readonly predictions: DatasetRef;
  readonly test: ColumnBatch;
  readonly observed: Float64Array;
  readonly predicted: Float64Array;
}

/** Step 4. Scores the test rows, keeps the predictions as a dataset, freezes the drift baseline, logs metrics. */
export async function evaluateCandidate(
  attempt: Attempt,
  {
    candidate,
    datasets,
    train,
    test,
  }: { candidate: Candidate; datasets: TrainTest; train: ColumnBatch; test: ColumnBatch },
): Promise<Evaluation> {
  const { context, model } = attempt;
  const predicted = predictModel(candidate.fitted, selectColumns(test, model.features));
  const observed = getNumericColumn(test, model.target).values;
  const metrics = evaluateRegression(observed, predicted);
  const trainingMean = meanOf(getNumericColumn(train, model.target).values);
  const meanMetrics = evaluateRegression(observed, new Float64Array(observed.length).fill(trainingMean));
  const predictions = await keepPredictions(attempt, datasets, test, predicted);
  await freezeBaseline(attempt, { predictions, predicted, observed, test, eventTime: datasets.eventTime });
  // The run's start, so that a re-run after a crash writes the same points again and not new ones.
  const timestamp = attempt.run.startTime;
  await context.registry.logBatch(attempt.run.runId, {
    metrics: toTestMetrics(metrics, timestamp),
  });
  return { metrics, meanMetrics, predictions, test, observed, predicted };
}

async function keepPredictions(
  attempt: Attempt,
  { test: testRef, keyColumns }: TrainTest,
  test: ColumnBatch,
  predicted: Float64Array,
): Promise<DatasetRef> {
  const { context, model, run } = attempt;
  const batch = createColumnBatch([
    ...keyColumns.map((name) => getColumn(test, name)),
    { name: 'observed', type: 'double', values: getNumericColumn(test, model.target).values },
    { name: 'predicted', type: 'double', values: predicted },
  ]);
  const { ref } = await storePredictions(context.database, {
    model: model.name,
    test: testRef,
    keyColumns,
    batch,
  });
  await linkDataset(context.database, {
    digest: ref.digest,
    runId: run.runId,
    model: attempt.name,
    context: 'predictions',
  });
  await context.registry.logInputs(run.runId, [datasetInput(model, ref)]);
  await context.registry.logBatch(run.runId, { tags: { [runTag.predictionsDigest]: ref.digest } });
  return ref;
}

async function freezeBaseline(
  { context, model, run, name }: Attempt,
  rows: {
    predictions: DatasetRef;
    predicted: Float64Array;
    observed: Float64Array;
    test: ColumnBatch;
    eventTime: string | undefined;
  },
): Promise<void> {
  const { test, eventTime } = rows;
  const { blocks } = model.gate;
  const baseline = buildBaseline({
    model: name,
    runId: run.runId,
    datasetDigest: rows.predictions.digest,
    predictions: rows.predicted,
    observed: rows.observed,
    features: selectColumns(test, model.features),
    ...(eventTime === undefined ? {} : { eventTimes: getNumericColumn(test, eventTime).values }),
    ...(blocks === undefined ? {} : { blocks: { column: blocks, of: blockNumbers(test, blocks) } }),
  });
  await context.registry.logArtifact(
    run.runId,
    artifactPath.baseline,
    new TextEncoder().encode(canonicalJson(baseline)),
  );
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
