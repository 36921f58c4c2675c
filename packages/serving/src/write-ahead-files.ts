import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Lines in files of a folder, until somebody has taken them elsewhere. */
export interface WriteAheadFiles {
  /** Appends lines; resolves when the operating system has them. Calls at the same time share one write. */
  append(text: string): Promise<void>;
  /** Closes the file that is written to when it holds anything, and returns every closed file, oldest first. */
  closed(): Promise<readonly string[]>;
  /** Deletes a closed file of so many bytes. */
  remove(path: string, bytes: number): Promise<void>;
  readonly pendingBytes: number;
  close(): Promise<void>;
}

interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  bytes: number;
}

/** Opens the files of a folder: those that a dead process left count as closed. */
export async function openWriteAheadFiles({
  directory,
  processId,
  generateId,
}: {
  readonly directory: string;
  readonly processId: number;
  readonly generateId: () => string;
}): Promise<WriteAheadFiles> {
  await mkdir(directory, { recursive: true });
  const closed = await leftBehind(directory, processId);
  let file = await openFile();
  let pendingBytes = 0;
  let waiting: string[] = [];
  let next: Promise<void> | undefined;
  let last = Promise.resolve();

  async function openFile(): Promise<OpenFile> {
    const path = join(directory, `${processId}-${generateId()}.jsonl`);
    return { path, handle: await open(path, 'a', 0o600), bytes: 0 };
  }

  async function write(): Promise<void> {
    const text = waiting.join('');
    waiting = [];
    next = undefined;
    const target = file;
    target.bytes += text.length;
    pendingBytes += text.length;
    await target.handle.appendFile(text);
  }

  return {
    append(text) {
      waiting.push(text);
      // One write at a time; whatever comes in during a write goes out together in the next.
      next ??= last.then(write);
      last = next.catch(() => undefined);
      return next;
    },
    async closed() {
      if (file.bytes > 0) {
        const full = file;
        file = await openFile();
        await last;
        await full.handle.close();
        closed.push(full.path);
      }
      return [...closed];
    },
    async remove(path, bytes) {
      await rm(path, { force: true });
      closed.splice(closed.indexOf(path), 1);
      pendingBytes = Math.max(0, pendingBytes - bytes);
    },
    get pendingBytes() {
      return pendingBytes;
    },
    async close() {
      await last;
      await file.handle.close();
      if (file.bytes === 0) await rm(file.path, { force: true });
    },
  };
}

/** Files of processes that are gone; those of this process id were left by an earlier life (a container's is always 1). */
async function leftBehind(directory: string, processId: number): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.jsonl'));
  return names
    .filter((name) => {
      const owner = Number.parseInt(name, 10);
      return owner === processId || !isRunning(owner);
    })
    .map((name) => join(directory, name))
    .sort();
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
