import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Project } from './find-project.ts';

/** Makes a folder under `.slipway/`. Step by step, since Node's recursive `mkdir` hides why it failed. */
export async function makeStateFolder({ state }: Project, name: string): Promise<string> {
  const folder = join(state, name);
  for (const path of [state, folder]) {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return folder;
}
