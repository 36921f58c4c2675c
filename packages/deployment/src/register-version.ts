import { artifactFileNames, pythonVersion } from '@slipway/models';
import { renderMlmodel, type LoggedModel, type ModelVersion, type Run } from '@slipway/registry-client';
import type { Attempt } from './attempt.ts';
import { failPendingModels } from './end-unfinished-run.ts';
import { runTag } from './run-tags.ts';
import type { Candidate } from './train-candidate.ts';

/**
 * Uploads the artifact as the run's logged model, once: a re-run goes on with the one that is there. `MLmodel` comes last
 * and makes it an MLflow model; it holds ids and a time, so it is no part of the artifact that the digest names.
 */
export async function logCandidate(attempt: Attempt, candidate: Candidate): Promise<string> {
  const { context, run, name, model } = attempt;
  const { registry } = context;
  const known = await findLoggedModel(attempt, candidate.digest);
  if (known?.status === 'READY') return known.modelId;
  const { modelId } =
    known ??
    (await registry.createLoggedModel({
      experimentId: run.experimentId,
      runId: run.runId,
      name,
      tags: { [runTag.artifactDigest]: candidate.digest },
      params: { family: model.estimator.family },
    }));
  // Before the files: from here on a re-run finds it.
  await registry.logBatch(run.runId, { tags: { [runTag.modelId]: modelId } });
  for (const { path, content } of candidate.files) await registry.logModelArtifact(modelId, path, content);
  const { tags } = await registry.getRun(run.runId);
  await registry.logModelArtifact(modelId, 'MLmodel', mlmodelOf(attempt, tags, candidate, modelId));
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

/** Step 6. Registers the run's model as a version; a version with the same artifact digest is reused. */
export async function registerVersion(
  { context, name, model }: Pick<Attempt, 'context' | 'name' | 'model'>,
  {
    runId,
    modelId,
    digest,
    tags,
  }: { runId: string; modelId: string; digest: string; tags: Record<string, string> },
): Promise<{ version: ModelVersion; created: boolean }> {
  const { registry } = context;
  await registry.ensureRegisteredModel(name, { description: model.description ?? `owned by ${model.owner}` });
  const versions = await registry.listModelVersions(name);
  const known = versions.find((version) => version.tags[runTag.artifactDigest] === digest);
  if (known !== undefined) return { version: known, created: false };
  const version = await registry.createModelVersion({
    name,
    runId,
    modelId,
    source: `models:/${modelId}`,
    tags: { ...tags, [runTag.artifactDigest]: digest },
  });
  return { version, created: true };
}
