import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { DeployEnd } from './deploy-process.ts';
import type { DeploySubject } from './deploy-subject.ts';

/** Stops a deploy before a call, numbered from 1, does something meanwhile, and lets the deploy go on to its end. */
export async function disturbDeploy(
  subject: DeploySubject,
  call: number,
  work: () => Promise<unknown>,
): Promise<DeployEnd> {
  const kill = { call, moment: 'before', signal: 'SIGSTOP' } as const;
  const { child, ended } = await subject.start({ kill });
  const isStopped = async (): Promise<boolean> =>
    / T /.test(await readFile(`/proc/${child.pid}/stat`, 'utf8'));
  await expect.poll(isStopped, { timeout: 60_000, interval: 20 }).toBe(true);
  await work();
  child.kill('SIGCONT');
  return ended;
}
