import { canonicalJson, SlipwayError } from '@slipway/contracts';
import type { Registry, Run } from '@slipway/registry-client';
import { inputsDigest, type TrainingInputs } from './configuration-slices.ts';
import { artifactPath, runTag } from './run-tags.ts';

/** Keeps what an attempt trains from among the files of its run. Repeatable. */
export async function writeInputs(registry: Registry, runId: string, inputs: TrainingInputs): Promise<void> {
  const content = new TextEncoder().encode(canonicalJson(inputs));
  await registry.logArtifact(runId, artifactPath.inputs, content);
}

/**
 * Reads back what a run was trained from.
 * @throws SlipwayError `artifact_invalid` when the file is not the one that the run's digest names, `file_not_found`
 */
export async function readInputs(registry: Registry, { runId, tags }: Run): Promise<TrainingInputs> {
  const content = new TextDecoder().decode(await registry.readArtifact(runId, artifactPath.inputs));
  const inputs = parseInputs(content);
  if (
    inputs !== undefined &&
    inputsDigest(inputs, Number(tags[runTag.watermark])) === tags[runTag.inputsDigest]
  )
    return inputs;
  throw new SlipwayError('artifact_invalid', {
    what: `The file ${artifactPath.inputs} of run ${runId} was changed since it was written`,
    expected: `the inputs that the tag ${runTag.inputsDigest} names`,
    next: 'Restore the file from a backup of the registry',
  });
}

function parseInputs(content: string): TrainingInputs | undefined {
  try {
    return JSON.parse(content) as TrainingInputs;
  } catch {
    return undefined;
  }
}
