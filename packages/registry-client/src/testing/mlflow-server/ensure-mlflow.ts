import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { mlflowReleases, type MlflowMajor } from './mlflow-release.ts';
import { runProgram } from './run-program.ts';

/**
 * Installs a pinned MLflow into a virtual environment of its own, once, and returns its Python. Needs `python3` (3.10 or
 * newer, with venv) and takes a few minutes the first time. It is installed beside and renamed, so that a folder under
 * its final name is complete, and of two processes that install at once one wins.
 * @param cacheFolder @default ~/.cache/slipway
 */
export async function ensureMlflow(
  major: MlflowMajor,
  cacheFolder = join(homedir(), '.cache', 'slipway'),
): Promise<string> {
  const { version, requirements } = mlflowReleases[major];
  const folder = join(cacheFolder, `mlflow-${version}`);
  const python = join(folder, 'bin', 'python');
  if (await exists(folder)) return python;
  await mkdir(cacheFolder, { recursive: true });
  const beside = await mkdtemp(`${folder}.partial-`);
  try {
    await runProgram('python3', ['-m', 'venv', beside]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await runProgram(join(beside, 'bin', 'python'), [...pip, ...requirements]);
    await rename(beside, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return python;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
