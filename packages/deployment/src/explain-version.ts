import type { AliasMove, DatasetRef, GateVerdict } from '@slipway/contracts';
import { findDataset } from '@slipway/datasets';
import { registeredName, type ModelVersion, type Run } from '@slipway/registry-client';
import { readAliasMoves } from './alias-moves.ts';
import { readAttempt } from './decided-attempts.ts';
import type { DeploymentContext } from './deployment-context.ts';
import type { TrainingInputs } from './configuration-slices.ts';
import { findVersion } from './find-version.ts';
import { describeGap, findRunOfVersion } from './run-of-version.ts';
import { runTag } from './run-tags.ts';
import { findInputs } from './training-inputs-file.ts';
import type { UnexplainedVersion } from './unexplained-version.ts';

/** The whole lineage of a version, down to dataset digests and git commit. */
export interface Lineage {
  readonly model: string;
  readonly registeredName: string;
  readonly version: string;
  readonly aliases: readonly string[];
  readonly runId: string;
  readonly verb: string;
  readonly trainedAt: string;
  readonly gitCommit: string | null;
  readonly by: string | null;
  readonly featureTable: string;
  readonly watermark: number;
  /** Null when the file that holds them is lost or was changed. */
  readonly inputs: TrainingInputs | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly artifactDigest: string;
  readonly datasets: Readonly<Record<'train' | 'test' | 'predictions', LineageDataset>>;
  readonly verdict: GateVerdict;
  readonly moves: readonly AliasMove[];
}

/** A dataset of the lineage; `ref` is null when the table was swept. */
export interface LineageDataset {
  readonly digest: string;
  readonly ref: DatasetRef | null;
}

/**
 * Explains a version named by alias or number; one that no deployment is known of comes back with the reason.
 * @throws SlipwayError `model_version_not_found`; `artifact_invalid` when a tag of its run was edited
 */
export async function explainVersion(
  context: DeploymentContext,
  { model, selector }: { model: string; selector: string },
): Promise<Lineage | UnexplainedVersion> {
  const { registry } = context;
  const name = registeredName(model, context.environment);
  const version = await findVersion(context, { model, selector });
  const run = await findRunOfVersion(registry, version);
  const gap = describeGap(version, run);
  const named = { model, registeredName: name, version: version.version, aliases: version.aliases };
  const moves = (await readAliasMoves(registry, name)).filter(
    (move) => move.to === version.version || move.from === version.version,
  );
  if (run !== undefined && gap === undefined)
    return { ...named, ...(await traceLineage(context, version, run)), moves };
  return {
    ...named,
    runId: version.runId,
    reason: `version ${version.version} ${gap ?? ''}`,
    description: version.description,
    artifactDigest: version.tags[runTag.artifactDigest] ?? null,
    moves,
  };
}

async function traceLineage(
  { registry, database }: DeploymentContext,
  version: ModelVersion,
  run: Run,
): Promise<Omit<Lineage, 'model' | 'registeredName' | 'version' | 'aliases' | 'moves'>> {
  const attempt = readAttempt(run, [version]);
  const inputs = (await findInputs(registry, run)) ?? null;
  const dataset = async (key: string): Promise<LineageDataset> => {
    const digest = run.tags[key] ?? '';
    return { digest, ref: (await findDataset(database, digest)) ?? null };
  };
  return {
    runId: run.runId,
    verb: run.tags[runTag.verb] ?? '',
    trainedAt: new Date(run.startTime).toISOString(),
    gitCommit: run.tags[runTag.gitCommit] ?? null,
    by: run.tags[runTag.user] ?? null,
    featureTable: run.tags[runTag.featureTable] ?? '',
    watermark: attempt.watermark,
    inputs,
    metrics: run.metrics,
    artifactDigest: run.tags[runTag.artifactDigest] ?? '',
    datasets: {
      train: await dataset(runTag.trainDigest),
      test: await dataset(runTag.testDigest),
      predictions: await dataset(runTag.predictionsDigest),
    },
    verdict: attempt.verdict,
  };
}
