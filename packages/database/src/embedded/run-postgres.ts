import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { dataPath, readPassword, type ServerSetup } from './data-directory.ts';
import { asUnprivileged } from './unprivileged.ts';

/** A server process and the URL it will answer at. */
export interface PostgresProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
}

/** Starts `postgres` on a free port of 127.0.0.1. PostgreSQL's own lock keeps a second one out of the same folder. */
export async function runPostgres(
  setup: ServerSetup,
  { fsync }: { fsync: boolean },
): Promise<PostgresProcess> {
  const { directory, binaries, privileges, libraries } = setup;
  const port = await choosePort(directory);
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_buffers: '64MB',
    // Containers have 64 MB of /dev/shm.
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
    max_connections: '100',
    jit: 'off',
    timezone: 'UTC',
    fsync: fsync ? 'on' : 'off',
    ...(fsync ? {} : { synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { program, args, identity } = asUnprivileged(privileges, binaries.postgres, [
    '-D',
    dataPath(directory),
    ...flags,
  ]);
  const log = openSync(join(directory, 'postgres.log'), 'a', 0o600);
  const child = spawn(program, args, {
    ...identity,
    stdio: ['ignore', log, log],
    env: { ...libraries, PATH: '/usr/bin:/bin', TZ: 'UTC' },
  });
  closeSync(log);
  // Listened for before anything is awaited: a server that ends at once must not be missed.
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  const password = await readPassword(directory);
  return { url: serverUrl(password, port), child, exited };
}

/** The URL that every client takes. */
export function serverUrl(password: string, port: number): string {
  return `postgres://slipway:${password}@127.0.0.1:${port}/postgres`;
}

/**
 * The port of the last time where it is free, so that a URL somebody wrote down outlives a restart; else any free one.
 */
async function choosePort(directory: string): Promise<number> {
  const last = Number(await readFile(portPath(directory), 'utf8').catch(() => ''));
  return last > 0 ? probePort(last).catch(() => probePort(0)) : probePort(0);
}

/** Remembers the port of a server that came up. */
export async function rememberPort(directory: string, url: string): Promise<void> {
  await writeFile(portPath(directory), new URL(url).port);
}

function portPath(directory: string): string {
  return join(directory, 'port');
}

/** The port when it is free; 0 asks for any. */
function probePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
