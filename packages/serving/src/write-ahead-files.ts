import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { announceOwner, ownerFile, ownerTimeoutMs, type FolderOwner } from './folder-owner.ts';

/** Lines in files of a folder, until somebody has taken them elsewhere. */
export interface WriteAheadFiles {
  /** Appends lines; resolves when the operating system has them. Calls at the same time share one write. */
  append(text: string): Promise<void>;
  /** Every closed file, oldest first; files whose writer has died are claimed and are among them. */
  closed(): Promise<readonly string[]>;
  /** Closes the file that is written to when it holds anything; returns every closed file, oldest first. */
  seal(): Promise<readonly string[]>;
  /** Deletes a closed file. */
  remove(path: string): Promise<void>;
  readonly pendingBytes: number;
  close(): Promise<void>;
}

interface LiveFile {
  readonly path: string;
  readonly handle: FileHandle;
  bytes: number;
}

const suffix = '.jsonl';

/**
 * Opens the files of a folder. A file is named `<writer>.<number>.jsonl`, and a writer only claims the files of one that
 * has died, by renaming them.
 * @param options.segmentBytes a file of so many bytes is closed and another begun. @default 4194304
 */
export async function openWriteAheadFiles({
  directory,
  processId,
  generateId,
  segmentBytes = 4_194_304,
}: {
  readonly directory: string;
  readonly processId: number;
  /** Names this writer; without dots. */
  readonly generateId: () => string;
  readonly segmentBytes?: number;
}): Promise<WriteAheadFiles> {
  await mkdir(directory, { recursive: true });
  const id = generateId();
  const owner = await announceOwner({ directory, id, processId });
  const renewal = setInterval(() => void owner.renew().catch(() => undefined), ownerTimeoutMs / 6);
  renewal.unref();
  const closed = new Map<string, number>();
  let live: LiveFile | undefined;
  let files = 0;
  let waiting: string[] = [];
  let next: Promise<void> | undefined;
  let last = Promise.resolve();

  const newPath = (): string => join(directory, `${id}.${String((files += 1)).padStart(9, '0')}${suffix}`);

  async function write(): Promise<void> {
    const text = waiting.join('');
    waiting = [];
    next = undefined;
    while (!(await writeTo((live ??= await openFile(newPath())), text)));
  }

  /** @returns false when the file was claimed meanwhile, so that the lines must be written elsewhere */
  async function writeTo(file: LiveFile, text: string): Promise<boolean> {
    try {
      await file.handle.appendFile(text);
      file.bytes += Buffer.byteLength(text);
    } catch (error) {
      // The end of the file may be half a line: nothing may follow it.
      await retire(file);
      throw error;
    }
    if (!(await exists(file.path))) {
      // This process slept so long that it was taken for dead. Whoever claimed the file may have read it before this write.
      await retire(file);
      return false;
    }
    if (file.bytes >= segmentBytes) await retire(file);
    return true;
  }

  async function retire(file: LiveFile): Promise<void> {
    if (live === file) live = undefined;
    await file.handle.close();
    const bytes = await sizeOf(file.path);
    if (bytes === 0) await rm(file.path, { force: true });
    else if (bytes !== undefined) closed.set(file.path, bytes);
  }

  async function claim(): Promise<void> {
    for (const name of await abandoned(directory, id, owner)) {
      const path = newPath();
      try {
        await rename(join(directory, name), path);
        closed.set(path, (await sizeOf(path)) ?? 0);
      } catch (error) {
        if ((error as { code?: string }).code !== 'ENOENT') throw error;
      }
    }
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
      await claim();
      return [...closed.keys()];
    },
    async seal() {
      const full = live;
      live = undefined;
      await last;
      if (full !== undefined) await retire(full);
      return [...closed.keys()];
    },
    async remove(path) {
      await rm(path, { force: true });
      closed.delete(path);
    },
    get pendingBytes() {
      return [...closed.values()].reduce((sum, bytes) => sum + bytes, live?.bytes ?? 0);
    },
    async close() {
      clearInterval(renewal);
      await last;
      if (live !== undefined) await retire(live);
      await owner.leave();
    },
  };
}

async function openFile(path: string): Promise<LiveFile> {
  return { path, handle: await open(path, 'a', 0o600), bytes: 0 };
}

/** Names of files whose writer has died, oldest first; the announcement of a writer without files is deleted. */
async function abandoned(directory: string, self: string, owner: FolderOwner): Promise<string[]> {
  const names = await readdir(directory);
  const files = names.filter((name) => name.endsWith(suffix) && writerOf(name) !== self).sort();
  const announced = names.filter((name) => name === ownerFile(writerOf(name)) && writerOf(name) !== self);
  const gone = new Set<string>();
  for (const writer of new Set([...files, ...announced].map(writerOf))) {
    if (await owner.isGone(writer)) gone.add(writer);
  }
  for (const name of announced) {
    const writer = writerOf(name);
    const hasFiles = files.some((file) => writerOf(file) === writer);
    if (gone.has(writer) && !hasFiles) await rm(join(directory, name), { force: true });
  }
  return files.filter((name) => gone.has(writerOf(name)));
}

function writerOf(name: string): string {
  return name.split('.', 1)[0]!;
}

async function exists(path: string): Promise<boolean> {
  return (await sizeOf(path)) !== undefined;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
