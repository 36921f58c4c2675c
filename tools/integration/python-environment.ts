import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { digestOf } from '@slipway/contracts';

const run = promisify(execFile);

export interface PythonEnvironmentOptions {
  /** What it is for: part of the folder's name. */
  readonly name: string;
  /** As in a requirements file, such as `mlflow==3.17.2`. */
  readonly requirements: readonly string[];
}

export interface PythonEnvironment {
  /** Path of the interpreter. */
  readonly python: string;
}

/**
 * A virtual environment with these requirements under `~/.cache/slipway`, made on first use and kept for the next. Two
 * callers at once both build one; the first that is ready is used by both. Needs `python3` (3.11 or newer) and its package
 * index.
 */
export async function ensurePythonEnvironment({
  name,
  requirements,
}: PythonEnvironmentOptions): Promise<PythonEnvironment> {
  const folder = join(homedir(), '.cache', 'slipway', 'python');
  const ready = join(folder, `${name}-${digestOf(requirements).slice(0, 12)}`);
  if (!existsSync(ready)) {
    await mkdir(folder, { recursive: true });
    await publish(await buildEnvironment(`${ready}.${randomUUID()}`, requirements), ready);
  }
  return { python: interpreterOf(ready) };
}

async function buildEnvironment(folder: string, requirements: readonly string[]): Promise<string> {
  try {
    await run('python3', ['-m', 'venv', folder]);
    const quiet = ['--quiet', '--disable-pip-version-check'];
    await run(interpreterOf(folder), ['-m', 'pip', 'install', ...quiet, ...requirements]);
    return folder;
  } catch (cause) {
    await rm(folder, { recursive: true, force: true });
    throw new Error('No Python environment could be made: it needs python3, venv and pip', { cause });
  }
}

/** Scripts in an environment name its folder, so it stays where it was made and a link says that it is complete. */
async function publish(folder: string, ready: string): Promise<void> {
  try {
    await symlink(basename(folder), ready);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await rm(folder, { recursive: true, force: true });
  }
}

function interpreterOf(folder: string): string {
  return join(folder, 'bin', 'python');
}
