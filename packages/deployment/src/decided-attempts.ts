import type { GateVerdict } from '@slipway/contracts';
import type { ModelVersion, Registry, Run } from '@slipway/registry-client';
import type { DeploymentContext } from './deployment-context.ts';
import { isUnreadable, readGate, readVerdict, readWatermark, unlessUnreadable } from './read-run-tag.ts';
import { findRunOfVersion } from './run-of-version.ts';
import { refuseOtherDatabase } from './refuse-other-database.ts';
import { runTag } from './run-tags.ts';

/** A finished run whose gate decided, as the registry remembers it. */
export interface DecidedAttempt {
  readonly run: Run;
  /** Of the training inputs and the watermark; the inputs themselves lie in a file of the run. */
  readonly inputsDigest: string;
  readonly gate: unknown;
  readonly watermark: number;
  readonly outcome: GateVerdict['outcome'];
  readonly verdict: GateVerdict;
  /** The registered version that came of it, if any. */
  readonly version: ModelVersion | undefined;
}

/**
 * The newest decided attempt of a model in an environment, read from the registry alone. A run whose tags cannot be read
 * is left out with a warning: one that somebody edited must not lock the pipeline.
 * @throws SlipwayError `format_unsupported` when a newer program wrote it; `not_deployable` when it is another database's
 */
export async function findLastDecided(
  context: Pick<DeploymentContext, 'database' | 'registry' | 'onStep'>,
  name: string,
): Promise<DecidedAttempt | undefined> {
  for await (const attempt of findDecided(context, name)) {
    await refuseOtherDatabase(context, { run: attempt.run, name });
    return attempt;
  }
  return undefined;
}

/** The decided attempts of a model in an environment, of all databases, the newest first; unreadable runs are left out. */
export async function* findDecided(
  { registry, onStep }: Pick<DeploymentContext, 'registry' | 'onStep'>,
  name: string,
): AsyncGenerator<DecidedAttempt> {
  const experiment = await registry.findExperiment(name);
  if (experiment === undefined) return;
  const runs = await registry.searchRuns({
    experimentId: experiment.experimentId,
    tags: { [runTag.kind]: 'deployment' },
    status: 'FINISHED',
    maxResults: 100,
  });
  const versions = await registry.listModelVersions(name);
  for (const run of runs.filter(({ tags }) => tags[runTag.outcome] !== undefined)) {
    try {
      yield readAttempt(run, versions);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      const sentence = `left out: ${error.message}`;
      onStep?.({ kind: 'warning', step: 'features', sentence });
    }
  }
}

/** The attempt that a version came from; undefined when its run is gone, unreadable, or was no deployment of ours. */
export async function findAttemptOf(
  registry: Registry,
  version: ModelVersion,
): Promise<DecidedAttempt | undefined> {
  const run = await findRunOfVersion(registry, version);
  if (run?.tags[runTag.verdict] === undefined) return undefined;
  return unlessUnreadable(() => readAttempt(run, [version]));
}

/** Reads an attempt from its run's tags. @throws SlipwayError `artifact_invalid` for one that was edited, `format_unsupported` */
export function readAttempt(run: Run, versions: readonly ModelVersion[]): DecidedAttempt {
  const tag = (key: string): string => run.tags[key] ?? '';
  const verdict = readVerdict(run);
  return {
    run,
    inputsDigest: tag(runTag.inputsDigest),
    gate: readGate(run),
    watermark: readWatermark(run),
    outcome: verdict.outcome,
    verdict,
    version: versions.find((version) => version.tags[runTag.artifactDigest] === tag(runTag.artifactDigest)),
  };
}
