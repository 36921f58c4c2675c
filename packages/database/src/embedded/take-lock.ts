import { constants, copyFile, link, readFile, rm, writeFile } from 'node:fs/promises';
import { isSupervisor } from './processes.ts';

/**
 * Takes a lock file that names the supervisor that has it; one whose supervisor died is removed. It comes into being with
 * its content, so that a process killed while taking it leaves no lock without an owner. The lock saves double work; it
 * is no guarantee: two that remove a dead lock in turn may both get it.
 * @returns false when another process has it
 */
export async function takeLock(path: string): Promise<boolean> {
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, String(process.pid));
  try {
    // A file system without hard links is content with a copy that refuses to overwrite.
    await link(mine, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      return copyFile(mine, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(mine, { force: true });
  }
  const owner = await readOwner(path);
  // One with our own number is older than we are.
  if (owner === process.pid || (owner !== undefined && !isSupervisor(owner))) await rm(path, { force: true });
  return false;
}

/** Gives a lock back; one that somebody else took meanwhile stays. */
export async function releaseLock(path: string): Promise<void> {
  if ((await readOwner(path)) === process.pid) await rm(path, { force: true });
}

/** Undefined when there is no lock; 0 when nobody is named. */
async function readOwner(path: string): Promise<number | undefined> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  return content === undefined ? undefined : Number.parseInt(content, 10) || 0;
}
