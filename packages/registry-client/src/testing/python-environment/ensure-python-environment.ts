import { homedir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@slipway/contracts';
import { installOnce } from './install-once.ts';
import { runProgram } from './run-program.ts';

interface PythonEnvironmentOptions {
  /** What it is for: the start of the folder's name. */
  readonly name: string;
  /** As in a requirements file, such as `mlflow==3.17.2`. */
  readonly requirements: readonly string[];
  /** @default ~/.cache/slipway */
  readonly cacheFolder?: string | undefined;
}

/**
 * Installs packages into a virtual environment of their own, once, and returns its Python. Needs `python3` (with venv, and
 * as new as the packages want it: 3.11 for those of our suites) and a package index; the first time takes minutes. Programs
 * in its `bin` name the folder it was made in: run modules with `python -m`.
 */
export async function ensurePythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { name, requirements, cacheFolder = join(homedir(), '.cache', 'slipway') } = options;
  const folder = join(cacheFolder, `${name}-${digestOf(requirements).slice(0, 8)}`);
  await installOnce(folder, async (beside) => {
    await runProgram('python3', ['-m', 'venv', beside]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await runProgram(join(beside, 'bin', 'python'), [...pip, ...requirements]);
  });
  return join(folder, 'bin', 'python');
}
