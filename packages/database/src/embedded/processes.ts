import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** True when a process with that id lives. A zombie counts as dead. */
export function isAlive(processId: number): boolean {
  // To the system 0 means our own group of processes.
  if (!(processId > 0)) return false;
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
  return readArguments(processId)?.some((argument) => argument.includes(text)) ?? true;
}

/** True when a live process is a supervisor: the id that one had may have gone to another program since. */
export function isSupervisor(processId: number): boolean {
  return commandLineHolds(processId, 'supervisor-main.');
}

/** True when a live process runs PostgreSQL; true too where the system does not tell. */
export function runsPostgres(processId: number): boolean {
  if (!isAlive(processId)) return false;
  const [program] = readArguments(processId) ?? ['postgres'];
  return /(^|[\\/])postgres\b/.test(program ?? '');
}

/** The command line of a process, or undefined where the system does not tell. */
function readArguments(processId: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${processId}/cmdline`, 'utf8').split('\0');
  } catch {
    return undefined;
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
