import type { DatasetRef } from '@slipway/contracts';
import { artifactFileNames, pythonVersion } from '@slipway/models';
import { renderMlmodel, type LoggedModel, type Run, type RunMetric } from '@slipway/registry-client';
import type { Attempt } from './attempt.ts';
import { datasetInput } from './dataset-input.ts';
import { failPendingModels } from './fail-pending-models.ts';
import type { Evaluation } from './evaluate-candidate.ts';
import { runTag } from './run-tags.ts';
import { toTestMetrics } from './test-metrics.ts';
import type { Candidate } from './train-candidate.ts';

/**
 * Uploads the artifact as the run's logged model, once: a re-run goes on with the one that is there. `MLmodel` comes last
 * and makes it an MLflow model; it holds ids and a time, so it is no part of the artifact that the digest names.
 */
export async function logCandidate(
  attempt: Attempt,
  { candidate, metrics, test }: { candidate: Candidate; metrics: Evaluation['metrics']; test: DatasetRef },
): Promise<string> {
  const { context, run, name, model } = attempt;
  const { registry } = context;
  const known = await findLoggedModel(attempt, candidate.digest);
  const { modelId } =
    known ??
    (await registry.createLoggedModel({
      experimentId: run.experimentId,
      runId: run.runId,
      name,
      tags: { [runTag.artifactDigest]: candidate.digest },
      params: { family: model.estimator.family },
    }));
  // Before the files, and also when they are there: a process that trained other bytes in between left its own.
  await registry.logBatch(run.runId, { tags: { [runTag.modelId]: modelId } });
  if (known?.status === 'READY') return modelId;
  for (const { path, content } of candidate.files) await registry.logModelArtifact(modelId, path, content);
  const { tags } = await registry.getRun(run.runId);
  await registry.logModelArtifact(modelId, 'MLmodel', mlmodelOf(attempt, tags, candidate, modelId));
  await registry.logBatch(run.runId, { metrics: modelMetrics(attempt, { modelId, metrics, test }) });
  await registry.finalizeLoggedModel(modelId, 'READY');
  return modelId;
}

/**
 * The run's logged model of these bytes that an interrupted process began, if any. The registry is searched, as that
 * process may have died before the run named the model. What it began of other bytes is marked failed.
 */
async function findLoggedModel(
  { context: { registry }, run }: Attempt,
  digest: string,
): Promise<LoggedModel | undefined> {
  const begun = await registry.listLoggedModels(run);
  const same = begun.filter(({ tags }) => tags[runTag.artifactDigest] === digest);
  const known = same.find(({ status }) => status === 'READY') ?? same[0];
  await failPendingModels(
    registry,
    begun.filter((model) => model !== known),
  );
  return known;
}

/** The test metrics once more, as those of this model on this dataset: MLflow compares models by them. */
function modelMetrics(
  { model, run }: Attempt,
  { modelId, metrics, test }: { modelId: string; metrics: Evaluation['metrics']; test: DatasetRef },
): RunMetric[] {
  const { name: datasetName, digest: datasetDigest } = datasetInput(model, test);
  // MLflow refuses NaN here, which an r2 of constant rows is.
  const measured = toTestMetrics(metrics, run.startTime).filter(({ value }) => !Number.isNaN(value));
  return measured.map((metric) => ({ ...metric, modelId, datasetName, datasetDigest }));
}

function mlmodelOf(
  { context, run }: Attempt,
  tags: Run['tags'],
  { fitted, files, digest }: Candidate,
  modelId: string,
): Uint8Array {
  const datasets = {
    predictions: tags[runTag.predictionsDigest] ?? '',
    test: tags[runTag.testDigest] ?? '',
    train: tags[runTag.trainDigest] ?? '',
  };
  const text = renderMlmodel({
    signature: fitted.signature,
    files: artifactFileNames,
    modelId,
    runId: run.runId,
    createdAt: context.now(),
    sizeBytes: files.reduce((size, { content }) => size + content.length, 0),
    pythonVersion,
    lineage: { artifactDigest: digest, gitCommit: context.gitCommit, datasets },
  });
  return new TextEncoder().encode(text);
}
