import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SlipwayError } from '@slipway/contracts';
import { checkDataDirectory } from './data-directory.ts';
import { findFullDisk } from './find-full-disk.ts';
import { makeFolder } from './make-folder.ts';
import { findPlatformBinaries } from './platform-binaries.ts';
import { probeServer } from './probe-server.ts';
import { isSupervisor, runsPostgres } from './processes.ts';
import { readServerFile, type ServerFile } from './server-file.ts';
import { lastLogLines, tellsOfDamage } from './server-log.ts';

export interface EmbeddedServerOptions {
  /** State lies here: `server.json`, `data/`, logs. */
  readonly directory: string;
  /** Seconds without a client after which the server stops by itself. @default 60 */
  readonly idleSeconds?: number;
  /** Seconds to wait for a server. @default 30 */
  readonly deadlineSeconds?: number;
  /** Called with one line when this process starts the supervisor. */
  readonly onStart?: (line: string) => void;
  /** Off only in tests: a crash of the machine then loses data. @default true */
  readonly fsync?: boolean;
  /** A file to resolve the binaries' package from, besides this package. @default the program that runs */
  readonly resolveFrom?: string;
}

export interface EmbeddedServer {
  /** A plain URL, with password: every Postgres client takes it. */
  readonly url: string;
  /** True when this call started the server. */
  readonly started: boolean;
  readonly serverProcess: number;
  readonly supervisorProcess: number;
}

/** Milliseconds between two looks for the server. */
const lookMs = 60;

/**
 * Returns the URL of the embedded PostgreSQL server of a directory, starting it when none runs. Safe from any number of
 * processes at once and after any of them was killed. The server is shared and stops by itself when idle.
 * @throws SlipwayError `embedded_unsupported`, `embedded_damaged`, `embedded_version`, `embedded_start_failed`,
 * `database_full`, `file_unwritable`
 */
export async function ensureEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const directory = resolve(options.directory);
  const { deadlineSeconds = 30 } = options;
  const resolveFrom = [fileURLToPath(import.meta.url), options.resolveFrom ?? process.argv[1] ?? ''].filter(
    (file) => file !== '',
  );
  const deadline = performance.now() + deadlineSeconds * 1000;
  let supervisor: ChildProcess | undefined;
  for (let checked = false; performance.now() < deadline;) {
    const running = await findRunning(directory);
    if (running === 'coming') {
      await sleep(lookMs);
      continue;
    }
    if (running !== undefined)
      return {
        ...running,
        started: supervisor !== undefined && running.supervisorProcess === supervisor.pid,
      };
    if (!checked) await checkBeforeStart(directory, resolveFrom);
    checked = true;
    if (supervisor === undefined) {
      options.onStart?.(`starting the embedded PostgreSQL server in ${directory}`);
      supervisor = startSupervisor(directory, options, resolveFrom);
    } else if (supervisor.exitCode !== null) {
      if (supervisor.exitCode !== 0) throw await startFailure(directory);
      supervisor = undefined;
    }
    await sleep(lookMs);
  }
  throw await startFailure(directory);
}

/**
 * The announced server if it answers and is supervised; one without a supervisor gets a new one. `coming`: it lives and
 * does not answer, because it recovers from the crash of one of its processes.
 */
async function findRunning(directory: string): Promise<ServerFile | 'coming' | undefined> {
  const announced = await readServerFile(directory);
  if (announced === undefined || !isSupervisor(announced.supervisorProcess)) return undefined;
  if (await probeServer(announced.url)) return announced;
  return runsPostgres(announced.serverProcess) ? 'coming' : undefined;
}

async function checkBeforeStart(directory: string, resolveFrom: readonly string[]): Promise<void> {
  await checkDataDirectory(directory, await findPlatformBinaries(resolveFrom));
  try {
    await makeFolder(directory);
    closeSync(openSync(join(directory, 'supervisor.log'), 'a', 0o600));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'an error';
    const full = code === 'ENOSPC' ? await findFullDisk({ directory }) : undefined;
    if (full !== undefined) throw full;
    throw new SlipwayError('file_unwritable', {
      what: `The folder of the embedded database cannot be written: ${directory}`,
      received: code,
      next: `${code === 'EROFS' ? 'Its file system is read-only: move the project' : 'Check its rights'}, or set DATABASE_URL`,
      cause,
    });
  }
}

/** A process of its own, in no terminal's group, so that it outlives the client that started it. */
function startSupervisor(
  directory: string,
  options: EmbeddedServerOptions,
  resolveFrom: readonly string[],
): ChildProcess {
  const { idleSeconds = 60, fsync = true } = options;
  const isSource = import.meta.url.endsWith('.ts');
  const main = fileURLToPath(
    new URL(isSource ? 'supervisor-main.ts' : 'supervisor-main.js', import.meta.url),
  );
  const log = openSync(join(directory, 'supervisor.log'), 'a', 0o600);
  const parts = { directory, idleMs: idleSeconds * 1000, fsync, resolveFrom };
  const flags = isSource ? ['--conditions=@slipway/source'] : [];
  const child = spawn(process.execPath, [...flags, main, JSON.stringify(parts)], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: directory,
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', NODE_NO_WARNINGS: '1' },
  });
  child.once('error', () => undefined);
  child.unref();
  closeSync(log);
  return child;
}

async function startFailure(directory: string): Promise<SlipwayError> {
  const [server, supervisor] = [
    await lastLogLines(directory, 'postgres.log'),
    await lastLogLines(directory, 'supervisor.log'),
  ];
  const full = await findFullDisk({ directory });
  if (full !== undefined) return full;
  const damaged = tellsOfDamage(server);
  return new SlipwayError(damaged ? 'embedded_damaged' : 'embedded_start_failed', {
    what: damaged ? 'The folder of the embedded database is damaged' : 'The embedded database did not start',
    received: [server, supervisor].filter((text) => text !== '').join(' | ') || 'no log',
    next: damaged
      ? `Restore ${directory} from a backup, or delete it to start afresh`
      : `Look at postgres.log and supervisor.log in ${directory}, or set DATABASE_URL`,
  });
}
