import type { CleanDeploy } from './clean-deploys.ts';
import { letLeasesExpire, type DeploySubject } from './deploy-subject.ts';
import { findViolations } from './deploy-violations.ts';
import type { BrokenSource, Kill } from './kill-order.ts';

/** What became of a deploy, and how many of its processes were killed: one may end before its call. */
export interface InterruptedDeploy {
  readonly story: string;
  readonly killed: number;
  readonly violations: readonly string[];
}

/** Kills `deploy` at the given calls, one process after the other, then lets it run. */
export async function interruptDeploy(
  subject: DeploySubject,
  kills: readonly Kill[],
  { deployed }: CleanDeploy,
  broken?: BrokenSource,
): Promise<InterruptedDeploy> {
  const story: string[] = [];
  let killed = 0;
  for (const kill of kills) {
    const { code, calls, stderr } = await subject.deploy({ kill, broken });
    if (code !== null && code !== 0)
      return { story: story.join('\n'), killed, violations: [`a re-run failed: ${stderr}`] };
    story.push(
      code === 0 ? `ended before call ${kill.call}` : `${kill.moment} call ${kill.call}: ${calls.at(-1)}`,
    );
    if (code === null) killed += 1;
    await letLeasesExpire(subject);
  }
  const { code, stderr } = await subject.deploy({ broken });
  const failed = code === 0 ? [] : [`the last run ended with ${code}: ${stderr}`];
  const found = await subject.inspect((context, model) => findViolations(context, model, deployed));
  return { story: story.join('\n'), killed, violations: [...failed, ...found] };
}
