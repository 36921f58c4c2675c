import type { GateVerdict } from '@slipway/contracts';
import { readAliasMoves } from './alias-moves.ts';
import type { Attempt } from './attempt.ts';
import type { Champion } from './champion.ts';
import { readVerdict, unlessUnreadable } from './read-run-tag.ts';
import { artifactPath, runTag } from './run-tags.ts';

/** What the gate decided before the process died, with the report that was written of it. */
export interface EarlierVerdict {
  readonly verdict: GateVerdict;
  /** HTML. */
  readonly report: string;
}

/**
 * The verdict that an interrupted process of this run recorded, if it still holds: what serves is what the candidate
 * was compared with, or the candidate itself, promoted a moment before the process died. Deciding again in the second
 * case would compare the candidate with itself.
 */
export async function findEarlierVerdict(
  attempt: Attempt,
  { champion, digest }: { champion: Champion | undefined; digest: string },
): Promise<EarlierVerdict | undefined> {
  const { context, run } = attempt;
  const recorded = await context.registry.getRun(run.runId);
  if (recorded.tags[runTag.artifactDigest] !== digest) return undefined;
  const verdict = unlessUnreadable(() => readVerdict(recorded));
  if (verdict === undefined) return undefined;
  const serves = champion?.version.version ?? null;
  const holds =
    serves === verdict.championVersion || (await wasPromoted(attempt, { champion, digest, verdict }));
  if (!holds) return undefined;
  const report = await context.registry.readArtifact(run.runId, artifactPath.evaluationReport);
  return { verdict, report: new TextDecoder().decode(report) };
}

async function wasPromoted(
  { context, name, verb }: Attempt,
  { champion, digest, verdict }: { champion: Champion | undefined; digest: string; verdict: GateVerdict },
): Promise<boolean> {
  if (champion?.version.tags[runTag.artifactDigest] !== digest) return false;
  const last = (await readAliasMoves(context.registry, name)).at(-1);
  return last?.verb === verb && last.to === champion.version.version && last.from === verdict.championVersion;
}
