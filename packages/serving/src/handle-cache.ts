import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactFile } from '@slipway/models';
import { buildHandle, type LoadedModel } from './load-model-handle.ts';

/** The last version of each model that was loaded, on disk: a restart needs no registry. */
export interface HandleCache {
  save(loaded: LoadedModel): Promise<void>;
  /** The last version saved for a model, checked like a download; undefined when there is none or it is damaged. */
  load(model: string): Promise<LoadedModel | undefined>;
}

interface CachedVersion {
  readonly name: string;
  readonly version: string;
  readonly runId: string;
}

export function createHandleCache(directory: string): HandleCache {
  return {
    async save({ handle: { model, version, runId }, files }) {
      const target = join(directory, model);
      const temporary = join(directory, `.${model}.${process.pid}`);
      await rm(temporary, { recursive: true, force: true });
      for (const { path, content } of files) {
        const file = join(temporary, 'files', path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content);
      }
      const cached: CachedVersion = { name: model, version, runId };
      await writeFile(join(temporary, 'version.json'), JSON.stringify(cached));
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
    },

    async load(model) {
      try {
        const source = join(directory, model);
        const cached = JSON.parse(await readFile(join(source, 'version.json'), 'utf8')) as CachedVersion;
        return buildHandle(cached, await readFiles(join(source, 'files')));
      } catch {
        return undefined;
      }
    },
  };
}

async function readFiles(directory: string): Promise<ArtifactFile[]> {
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
