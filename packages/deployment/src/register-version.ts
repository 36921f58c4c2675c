import { canonicalJson, type GateVerdict } from '@slipway/contracts';
import type { ModelVersion } from '@slipway/registry-client';
import type { Attempt } from './attempt.ts';
import { descriptionOf } from './experiment-of.ts';
import { runTag } from './run-tags.ts';

/** Step 6. Registers the run's model as a version; a version with the same artifact digest is reused. */
export async function registerVersion(
  { context, name, model }: Pick<Attempt, 'context' | 'name' | 'model'>,
  {
    runId,
    modelId,
    digest,
    verdict,
  }: { runId: string; modelId: string; digest: string; verdict: GateVerdict },
): Promise<{ version: ModelVersion; created: boolean }> {
  const { registry } = context;
  await registry.ensureRegisteredModel(name, { description: descriptionOf(model) });
  const versions = await registry.listModelVersions(name);
  const known = versions.find((version) => version.tags[runTag.artifactDigest] === digest);
  if (known !== undefined) return { version: known, created: false };
  const version = await registry.createModelVersion({
    name,
    runId,
    modelId,
    source: `models:/${modelId}`,
    description: verdict.sentence,
    tags: {
      [runTag.verdict]: canonicalJson(verdict),
      [runTag.outcome]: verdict.outcome,
      [runTag.artifactDigest]: digest,
    },
  });
  return { version, created: true };
}
