import { canonicalJson, SlipwayError } from '@slipway/contracts';
import type { Registry, Run } from '@slipway/registry-client';
import { describeChanges, inputsDigest, type TrainingInputs } from './configuration-slices.ts';
import type { DecidedAttempt } from './decided-attempts.ts';
import { artifactPath, runTag } from './run-tags.ts';

/** Keeps what an attempt trains from among the files of its run. Repeatable. */
export async function writeInputs(registry: Registry, runId: string, inputs: TrainingInputs): Promise<void> {
  const content = new TextEncoder().encode(canonicalJson(inputs));
  await registry.logArtifact(runId, artifactPath.inputs, content);
}

/** Reads back what a run was trained from; undefined when the file is lost, or not the one the run's digest names. */
export async function findInputs(
  registry: Registry,
  { runId, tags }: Run,
): Promise<TrainingInputs | undefined> {
  const content = await readFile(registry, runId);
  const inputs = content === undefined ? undefined : parseInputs(content);
  if (inputs === undefined) return undefined;
  const digest = inputsDigest(inputs, Number(tags[runTag.watermark]));
  return digest === tags[runTag.inputsDigest] ? inputs : undefined;
}

/**
 * What changed in the inputs since an attempt, a line per leaf. The digest decides whether anything did; the file only
 * says what, so that a lost one stops nobody.
 */
export async function describeInputChanges(
  registry: Registry,
  { run, watermark, inputsDigest: digest }: DecidedAttempt,
  inputs: TrainingInputs,
): Promise<string[]> {
  if (inputsDigest(inputs, watermark) === digest) return [];
  const before = await findInputs(registry, run);
  if (before !== undefined) return describeChanges(before, JSON.parse(JSON.stringify(inputs)));
  return [
    `inputs are others than those of run ${run.runId}, whose ${artifactPath.inputs} is lost or was changed`,
  ];
}

async function readFile(registry: Registry, runId: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await registry.readArtifact(runId, artifactPath.inputs));
  } catch (error) {
    const isLost =
      SlipwayError.isInstance(error) &&
      (error.code === 'file_not_found' || error.code === 'artifact_invalid');
    if (isLost) return undefined;
    throw error;
  }
}

function parseInputs(content: string): TrainingInputs | undefined {
  try {
    return JSON.parse(content) as TrainingInputs;
  } catch {
    return undefined;
  }
}
