import { gateVerdictSchema, parseStored, type GateVerdict } from '@slipway/contracts';
import type { ModelVersion, Registry, Run } from '@slipway/registry-client';
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

/** The newest decided attempt of a model in an environment, read from the registry alone. */
export async function findLastDecided(registry: Registry, name: string): Promise<DecidedAttempt | undefined> {
  const experiment = await registry.findExperiment(name);
  if (experiment === undefined) return undefined;
  const runs = await registry.searchRuns({
    experimentId: experiment.experimentId,
    tags: { [runTag.kind]: 'deployment' },
    status: 'FINISHED',
    maxResults: 100,
  });
  const run = runs.find((candidate) => candidate.tags[runTag.outcome] !== undefined);
  if (run === undefined) return undefined;
  const versions = await registry.listModelVersions(name);
  return readAttempt(run, versions);
}

/** The attempt that a version came from; undefined when its run is gone or was no deployment of ours. */
export async function findAttemptOf(
  registry: Registry,
  version: ModelVersion,
): Promise<DecidedAttempt | undefined> {
  if (version.runId === null) return undefined;
  const run = await registry.getRun(version.runId);
  return run.tags[runTag.verdict] === undefined ? undefined : readAttempt(run, [version]);
}

/** Reads an attempt from its run's tags. */
export function readAttempt(run: Run, versions: readonly ModelVersion[]): DecidedAttempt {
  const tag = (key: string): string => run.tags[key] ?? '';
  const verdict = parseStored(gateVerdictSchema, 'gate verdict', JSON.parse(tag(runTag.verdict)));
  return {
    run,
    inputsDigest: tag(runTag.inputsDigest),
    gate: JSON.parse(tag(runTag.gate)),
    watermark: Number(tag(runTag.watermark)),
    outcome: verdict.outcome,
    verdict,
    version: versions.find((version) => version.tags[runTag.artifactDigest] === tag(runTag.artifactDigest)),
  };
}
