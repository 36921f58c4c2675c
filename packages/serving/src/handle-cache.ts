import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelFiles, ModelVersion } from '@slipway/registry-client';
import { buildHandle, type LoadedModel } from './load-model-handle.ts';

/** The last version of each model that was loaded, on disk: a restart needs no registry. */
export interface HandleCache {
  save(loaded: LoadedModel): Promise<void>;
  /** The last version saved for a model, checked like a download; undefined when there is none or it is damaged. */
  load(model: string): Promise<LoadedModel | undefined>;
}

/** `current.json`: what the folder beside it holds. */
interface CachedVersion extends Pick<ModelVersion, 'name' | 'version' | 'runId'> {
  readonly digest: string | null;
  readonly folder: string;
}

const pointer = 'current.json';
/** A folder of this age is not being written by another process of the same cache. */
const abandonedMs = 600_000;

/**
 * A folder per model: each version in a folder of its own, and `current.json` that names the one to load. A version is
 * written whole before the name changes in one rename, so that a process that dies at any moment leaves the old version
 * or the new one.
 */
export function createHandleCache(directory: string): HandleCache {
  return {
    async save({ handle: { model, version, runId }, source: { files, digest } }) {
      const home = join(directory, model);
      await mkdir(home, { recursive: true });
      const folder = await mkdtemp(join(home, 'version-'));
      await writeFiles(folder, files);
      const before = await readPointer(home);
      const cached: CachedVersion = {
        name: model,
        version,
        runId,
        digest: digest ?? null,
        folder: folder.slice(home.length + 1),
      };
      const next = join(folder, pointer);
      await writeFile(next, JSON.stringify(cached));
      await rename(next, join(home, pointer));
      await removeOthers(home, [cached.folder, before?.folder]);
    },

    async load(model) {
      const home = join(directory, model);
      const cached = await readPointer(home);
      if (cached === undefined) return undefined;
      try {
        const files = await readFiles(join(home, cached.folder, 'files'));
        return buildHandle(cached, { files, digest: cached.digest ?? undefined });
      } catch {
        return undefined;
      }
    },
  };
}

async function readPointer(home: string): Promise<CachedVersion | undefined> {
  try {
    return JSON.parse(await readFile(join(home, pointer), 'utf8')) as CachedVersion;
  } catch {
    return undefined;
  }
}

/** Folders that nobody can be reading or writing any more; the version before the current one stays in any case. */
async function removeOthers(home: string, kept: readonly (string | undefined)[]): Promise<void> {
  const now = (await stat(join(home, pointer))).mtimeMs;
  const names = (await readdir(home)).filter((name) => name !== pointer && !kept.includes(name));
  for (const name of names) {
    const path = join(home, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > abandonedMs) await rm(path, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, files: ModelFiles['files']): Promise<void> {
  for (const { path, content } of files) {
    const file = join(folder, 'files', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

async function readFiles(directory: string): Promise<ModelFiles['files']> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  return Promise.all(
    names
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        return {
          path: file.slice(directory.length + 1).replaceAll('\\', '/'),
          content: new Uint8Array(await readFile(file)),
        };
      }),
  );
}
