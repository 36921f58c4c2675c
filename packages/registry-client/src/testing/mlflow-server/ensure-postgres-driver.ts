import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../python-environment/run-program.ts';

const requirement = 'psycopg2-binary==2.9.13';

/**
 * Installs the driver that MLflow needs for a store in Postgres, once, in a folder beside MLflow's own; returns that
 * folder, for PYTHONPATH.
 * @param python of a virtual environment in the cache folder
 */
export async function ensurePostgresDriver(python: string): Promise<string> {
  const environment = dirname(dirname(python));
  const folder = `${environment}.${requirement.replace('==', '-')}`;
  if (await exists(folder)) return folder;
  const beside = await mkdtemp(join(dirname(folder), 'psycopg2.partial-'));
  try {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
    await runProgram(python, [...pip, '--target', beside, requirement]);
    await rename(beside, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
