import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const damage =
  /PANIC|invalid (primary )?checkpoint|could not locate a valid checkpoint|incorrect checksum in control file|could not open (file|directory)|is not a valid data directory|database files are incompatible|PG_CONTROL_VERSION/;

/** The last lines of a log in the state directory, as one text; empty when there is none. */
export async function lastLogLines(
  directory: string,
  name: 'postgres.log' | 'supervisor.log',
  lines = 3,
): Promise<string> {
  const text = await readFile(join(directory, name), 'utf8').catch(() => '');
  return text
    .trim()
    .split('\n')
    .slice(-lines)
    .join(' ')
    .slice(-200 * lines);
}

/** True when what the server wrote last means that its files are damaged: trying again will not help. */
export function tellsOfDamage(log: string): boolean {
  // A write-ahead log that found no room ends in a PANIC too, and goes on when there is some.
  return damage.test(log) && !tellsOfFullDisk(log);
}

/** True when what the server wrote last means that it had no room to write. */
export function tellsOfFullDisk(log: string): boolean {
  return /No space left on device|ENOSPC/.test(log);
}
