import { readdirSync, readFileSync } from 'node:fs';

/** A process as /proc tells of it. */
export interface ProcessEntry {
  readonly id: number;
  readonly parent: number;
  readonly commandLine: string;
}

/** Every process of this machine that may be looked at. Linux only. */
export function listProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return [{ id: Number(name), parent: Number(parent), commandLine }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });
}

/** Sends kill -9; a process that left in the meantime is as dead. */
export function killProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
