import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** True when a process with that id lives. A zombie counts as dead. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(processId);
}

function isZombie(processId: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** True when the command line of a live process holds the text; true too where the system does not tell. */
export function commandLineHolds(processId: number, text: string): boolean {
  if (!isAlive(processId)) return false;
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8').includes(text);
  } catch {
    return true;
  }
}

/** Waits until none of the processes lives. Returns false when the deadline passes first. */
export async function waitUntilGone(processIds: readonly number[], deadlineMs: number): Promise<boolean> {
  for (let waited = 0; waited <= deadlineMs; waited += 20) {
    if (!processIds.some(isAlive)) return true;
    await sleep(20);
  }
  return false;
}
