import { canonicalJson } from '@slipway/contracts';
import type { Lease } from '@slipway/database';
import { readDatabaseId } from '@slipway/datasets';
import type { Run } from '@slipway/registry-client';
import { inputsDigest, trainingInputsOf } from './configuration-slices.ts';
import type { DatasetsOfVersion } from './datasets-of-version.ts';
import type { DeploymentContext } from './deployment-context.ts';
import { ensureExperimentOf } from './experiment-of.ts';
import { endUnfinishedRun } from './end-unfinished-run.ts';
import type { ModelDefinition } from './model-definition.ts';
import { isOfDatabase } from './refuse-other-database.ts';
import { runTag } from './run-tags.ts';
import { writeInputs } from './training-inputs-file.ts';

export type AttemptVerb = 'deploy' | 'retrain';

/** One way through the steps: what is attempted, and the run that records it. */
export interface Attempt {
  readonly context: DeploymentContext;
  readonly model: ModelDefinition;
  readonly name: string;
  readonly verb: AttemptVerb;
  readonly watermark: number;
  readonly run: Run;
  /** The lease of the model, which every step checks: a process that was overtaken while it slept writes no more. */
  readonly lease: Lease;
  readonly reasons: readonly string[];
  /** The version whose datasets it must train on, to the digest. */
  readonly datasetsOf?: DatasetsOfVersion | undefined;
}

/**
 * Finds the unfinished run of the same inputs, or starts one; unfinished runs of other inputs are marked killed.
 * The caller holds the model's lease, so an unfinished run of this database is one whose process died.
 */
export async function beginAttempt(
  context: DeploymentContext,
  { model, name, verb, watermark, lease, reasons, datasetsOf }: Omit<Attempt, 'context' | 'run'>,
): Promise<Attempt> {
  const { registry, now } = context;
  const experiment = await ensureExperimentOf(context, { name, model });
  const inputs = trainingInputsOf(model);
  const digest = inputsDigest(inputs, watermark);
  const databaseId = await readDatabaseId(context.database);
  const begun = await registry.searchRuns({
    experimentId: experiment.experimentId,
    tags: { [runTag.kind]: 'deployment' },
    status: 'RUNNING',
  });
  const unfinished = begun.filter((run) => isOfDatabase(run, databaseId));
  const mine = unfinished.find(
    (run) => run.tags[runTag.inputsDigest] === digest && run.tags[runTag.verb] === verb,
  );
  for (const run of unfinished) {
    if (run !== mine) await endUnfinishedRun(registry, run, { status: 'KILLED', endTime: now() });
  }
  const tags = {
    ...attemptTags(context, model, verb, watermark, digest),
    [runTag.database]: databaseId,
  };
  // Whoever goes on with a run answers for it: its commit, its user and its gate are the ones that decide now.
  if (mine !== undefined) await registry.logBatch(mine.runId, { tags });
  const run =
    mine ??
    (await registry.createRun({
      experimentId: experiment.experimentId,
      runName: `${verb} at load ${watermark}`,
      startTime: now(),
      tags,
    }));
  await writeInputs(registry, run.runId, inputs);
  return { context, model, name, verb, watermark, run, lease, reasons, datasetsOf };
}

function attemptTags(
  { environment, gitCommit, who }: DeploymentContext,
  model: ModelDefinition,
  verb: AttemptVerb,
  watermark: number,
  digest: string,
): Record<string, string> {
  return {
    [runTag.kind]: 'deployment',
    [runTag.model]: model.name,
    [runTag.environment]: environment,
    [runTag.verb]: verb,
    [runTag.featureTable]: model.featureTable,
    [runTag.inputsDigest]: digest,
    [runTag.gate]: canonicalJson(model.gate),
    [runTag.watermark]: String(watermark),
    [runTag.user]: who,
    [runTag.source]: `slipway ${verb} ${model.name}`,
    [runTag.sourceType]: 'LOCAL',
    ...(gitCommit === null ? {} : { [runTag.gitCommit]: gitCommit }),
  };
}
