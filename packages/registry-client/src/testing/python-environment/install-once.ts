import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder that is not there yet: built beside and renamed, so that one under its final name is complete, and of two
 * processes that build at once one wins.
 * @param build fills the empty folder it is given, which is removed when it rejects
 */
export async function installOnce(folder: string, build: (beside: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(`${folder}.partial-`);
  try {
    await build(beside);
    await rename(beside, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
