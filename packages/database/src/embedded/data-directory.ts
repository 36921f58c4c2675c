import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/contracts';
import type { PlatformBinaries } from './platform-binaries.ts';
import { isAlive } from './processes.ts';
import { asUnprivileged, giveTo, type Privileges } from './unprivileged.ts';

const passwordFile = 'slipway-password';

/** Where the cluster lies under the state directory. */
export function dataPath(directory: string): string {
  return join(directory, 'data');
}

/** The password of the user `slipway`, which came into being with the data. */
export async function readPassword(directory: string): Promise<string> {
  return readFile(join(dataPath(directory), passwordFile), 'utf8');
}

/**
 * Checks a folder before anything is started in it.
 * @throws SlipwayError `embedded_version` for another major version, `embedded_damaged` when essential files are missing
 */
export async function checkDataDirectory(directory: string, { major }: PlatformBinaries): Promise<void> {
  const data = dataPath(directory);
  if (!existsSync(data)) return;
  const version = (await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const isWhole =
    /^\d+$/.test(version) &&
    existsSync(join(data, 'global', 'pg_control')) &&
    existsSync(join(data, passwordFile));
  if (!isWhole) {
    throw new SlipwayError('embedded_damaged', {
      what: 'The folder of the embedded database is damaged',
      expected: 'PG_VERSION, global/pg_control and the password file',
      received: `${data} without all of them`,
      next: 'Restore it from a backup, or delete that folder to start afresh',
    });
  }
  if (Number(version) !== major) {
    throw new SlipwayError('embedded_version', {
      what: 'The folder of the embedded database was written by another major version',
      expected: `PostgreSQL ${major}`,
      received: `PostgreSQL ${version} in ${data}`,
      next: 'Dump it with that version, or delete the folder to start afresh',
    });
  }
}

/** What starting takes: where, with which programs, as whom. */
export interface ServerSetup {
  readonly directory: string;
  readonly binaries: PlatformBinaries;
  readonly privileges: Privileges;
  readonly libraries: Readonly<Record<string, string>>;
}

/**
 * Makes the cluster where there is none: `initdb` into a temporary folder, renamed when whole. One that dies in the
 * middle leaves only its temporary folder, which the next sweeps; of two that work at once the first to rename wins.
 */
export async function initialiseData(setup: ServerSetup): Promise<void> {
  await sweepHalfMade(setup.directory);
  if (!existsSync(dataPath(setup.directory))) await runInitdb(setup);
}

/** What a killed start leaves: a half-made cluster, its password, a lock or an announcement that was being written. */
const halfMade = /^(?:data|password|starting|server\.json)\.(\d+)$/;

async function sweepHalfMade(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const maker = Number(halfMade.exec(name)?.[1]);
    // One with our own number is older than we are.
    if (Number.isNaN(maker) || (maker !== process.pid && isAlive(maker))) continue;
    await rm(join(directory, name), { recursive: true, force: true });
  }
}

async function runInitdb({ directory, binaries, privileges, libraries }: ServerSetup): Promise<void> {
  const temporary = join(directory, `data.${process.pid}`);
  const password = randomBytes(24).toString('hex');
  const secret = join(directory, `password.${process.pid}`);
  await writeFile(secret, password, { mode: 0o600 });
  await mkdir(temporary, { mode: 0o700 });
  await giveTo(privileges, temporary);
  await giveTo(privileges, secret);
  const { program, args, identity } = asUnprivileged(privileges, binaries.initdb, [
    ...['-D', temporary, '-U', 'slipway', '--auth=scram-sha-256', `--pwfile=${secret}`],
    ...['--no-locale', '-E', 'UTF8', '--no-sync', '--no-instructions'],
  ]);
  try {
    await promisify(execFile)(program, [...args], {
      ...identity,
      env: { ...libraries, PATH: '/usr/bin:/bin', TZ: 'UTC' },
    });
    await writeFile(join(temporary, passwordFile), password, { mode: 0o600 });
    await chmod(temporary, 0o700);
    await giveTo(privileges, temporary);
    await rename(temporary, dataPath(directory));
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    if (existsSync(dataPath(directory))) return;
    throw new SlipwayError('embedded_start_failed', {
      what: 'initdb failed',
      received: lineOfError(cause),
      next: describeRoot(privileges),
      cause,
    });
  } finally {
    await rm(secret, { force: true });
  }
}

/** After its error initdb still tells what it removes. */
function lineOfError(error: unknown): string {
  const { stderr = '', message = '' } = error as { stderr?: string; message?: string };
  const lines = stderr.trim().split('\n');
  const telling = lines.filter((line) => /error|fatal|panic|could not/i.test(line));
  return telling.at(-1) ?? lines.at(-1) ?? message;
}

function describeRoot(privileges: Privileges): string {
  if (privileges.kind !== 'nobody') return 'Look at the log beside the data, or set DATABASE_URL';
  return 'As root without user namespaces the folder must be open to others: move the project, use another user, or set DATABASE_URL';
}
