import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@slipway/contracts';
import { runProgram } from './run-program.ts';

export interface PythonEnvironmentOptions {
  /** What it is for: the start of the folder's name. */
  readonly name: string;
  /** As in a requirements file, such as `mlflow==3.17.2`. */
  readonly requirements: readonly string[];
  /** @default ~/.cache/slipway */
  readonly cacheFolder?: string | undefined;
}

/**
 * Installs packages into a virtual environment of their own, once, and returns its Python. Needs `python3` (3.10 or newer,
 * with venv) and a package index; the first time takes minutes. It is made beside and renamed, so that a folder under its
 * final name is complete, and of two processes that install at once one wins. Programs in its `bin` name the folder it was
 * made in: run modules with `python -m`.
 */
export async function ensurePythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { name, requirements, cacheFolder = join(homedir(), '.cache', 'slipway') } = options;
  const folder = join(cacheFolder, `${name}-${digestOf(requirements).slice(0, 8)}`);
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
