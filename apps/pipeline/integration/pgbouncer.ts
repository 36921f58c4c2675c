import { execFileSync, spawn } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '@slipway/database';
import { freePort } from './free-port.ts';

const nobody = 65_534;

/** Where PgBouncer lies, or undefined. */
export function findPgbouncer(): string | undefined {
  const places = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'];
  return places.find((path) => {
    try {
      execFileSync(path, ['--version'], { stdio: 'pipe' });
      return true;
    } catch {
      return false;
    }
  });
}

/** A pooler in front of a database. */
export interface Pooler {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PgBouncer in transaction mode before a server: every transaction may get another of its two sessions, and is
 * handed a session as the one before left it.
 */
export async function startPgbouncer(program: string, url: string): Promise<Pooler> {
  const server = new URL(url);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-pgbouncer-'));
  const port = await freePort();
  const { hostname, port: serverPort, username, password } = server;
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${serverPort || '5432'} user=${username} password=${decodeURIComponent(password)}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 2',
    'server_round_robin = 1',
    'max_client_conn = 100',
    '',
  ];
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(file, settings.join('\n'), { mode: 0o600 });
  // It refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  for (const path of isRoot ? [folder, file] : []) await chown(path, nobody, nobody);
  await chmod(folder, 0o700);
  const identity = isRoot ? { uid: nobody, gid: nobody } : {};
  const child = spawn(program, [file], { ...identity, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const pooled = `postgres://anybody@127.0.0.1:${port}${server.pathname}`;
  while (!(await answers(pooled))) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}\n${log}`);
  }
  return {
    url: pooled,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await (await connectDatabase({ url, maxConnections: 1 })).close();
    return true;
  } catch {
    return false;
  }
}
