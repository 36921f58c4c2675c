import { dirname } from 'node:path';
import { installOnce } from '../python-environment/install-once.ts';
import { runProgram } from '../python-environment/run-program.ts';

/** The driver that MLflow needs for a store in Postgres, as in a requirements file. */
export const postgresDriver = 'psycopg2-binary==2.9.13';

/**
 * Installs that driver, once, in a folder beside MLflow's own; returns that folder, for PYTHONPATH.
 * @param python of a virtual environment in the cache folder
 */
export async function ensurePostgresDriver(python: string): Promise<string> {
  const environment = dirname(dirname(python));
  const folder = `${environment}.${postgresDriver.replace('==', '-')}`;
  await installOnce(folder, async (beside) => {
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
    await runProgram(python, [...pip, '--target', beside, postgresDriver]);
  });
  return folder;
}
