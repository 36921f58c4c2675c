import { readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** One writer of a folder that several processes, containers or machines may share. */
export interface FolderOwner {
  /** Says that this owner lives. Whoever does not say so for {@link ownerTimeoutMs} may be taken for dead. */
  renew(): Promise<void>;
  /** Whether another owner has died: its files may be claimed. */
  isGone(id: string): Promise<boolean>;
  /** Says that this owner has left. */
  leave(): Promise<void>;
}

/** Milliseconds without a renewal after which an owner counts as dead where its process cannot be asked. */
export const ownerTimeoutMs = 60_000;

interface Announcement {
  /** Machine and process namespace: within one place a process id means one process, between two it means nothing. */
  readonly place: string;
  readonly processId: number;
  /** Tells this life of a process id from an earlier one: milliseconds since 1970-01-01 UTC. */
  readonly startedAt: number;
}

/** The file in which an owner announces itself. */
export const ownerFile = (id: string): string => `${id}.owner`;

/**
 * Announces an owner in a folder. Two containers on one volume may both have the process id 1, so a process id is asked
 * only within its own place; elsewhere the age of the announcement decides, by the clock of the file system.
 */
export async function announceOwner({
  directory,
  id,
  processId,
}: {
  readonly directory: string;
  readonly id: string;
  readonly processId: number;
}): Promise<FolderOwner> {
  const self: Announcement = { place: await findPlace(), processId, startedAt: performance.timeOrigin };
  const own = join(directory, ownerFile(id));

  /** Written anew and renamed, so that the file system dates it and nobody reads half of it. */
  async function renew(): Promise<void> {
    await writeFile(`${own}.new`, JSON.stringify(self), { mode: 0o600 });
    await rename(`${own}.new`, own);
  }

  async function isGone(other: string): Promise<boolean> {
    const path = join(directory, ownerFile(other));
    const renewedAt = await timeOf(path);
    if (renewedAt === undefined) return true;
    const announced = JSON.parse(await readFile(path, 'utf8')) as Announcement;
    if (announced.place === self.place && hasEnded(announced, self)) return true;
    return ((await timeOf(own)) ?? 0) - renewedAt > ownerTimeoutMs;
  }

  await renew();
  return { renew, isGone, leave: () => rm(own, { force: true }) };
}

/** When a file was written, in milliseconds by the clock of the file system; undefined when there is none. */
async function timeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

function hasEnded({ processId, startedAt }: Announcement, self: Announcement): boolean {
  return processId === self.processId ? startedAt !== self.startedAt : !isRunning(processId);
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Where /proc is missing there are no process namespaces. */
async function findPlace(): Promise<string> {
  return `${hostname()} ${await readlink('/proc/self/ns/pid').catch(() => '')}`;
}
