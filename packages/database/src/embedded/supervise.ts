import { execFile, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { dataPath, initialiseData, readPassword, type ServerSetup } from './data-directory.ts';
import { freeBytes, segmentBytes } from './free-bytes.ts';
import { forgetStranger, readPostmasterFile } from './postmaster-file.ts';
import { probeServer } from './probe-server.ts';
import { isAlive, isSupervisor, waitUntilGone } from './processes.ts';
import { rememberPort, runPostgres, serverUrl } from './run-postgres.ts';
import { readServerFile, removeServerFile, writeServerFile, type ServerFile } from './server-file.ts';
import { lastLogLines, tellsOfDamage } from './server-log.ts';
import { releaseLock, takeLock } from './take-lock.ts';
import { asUnprivileged } from './unprivileged.ts';

export interface Supervision {
  readonly setup: ServerSetup;
  readonly idleMs: number;
  readonly fsync: boolean;
  /** Aborted when the supervisor is asked to end: the server is stopped first. */
  readonly signal: AbortSignal;
}

const startTries = 100;
/** Milliseconds between two looks at what another supervisor is starting. */
const lookMs = 50;
/** Milliseconds between two tries to reach a server that is restarting. */
const reconnectMs = 100;

/** A server that answers. `child` when this process started it. */
interface Running {
  readonly url: string;
  readonly serverProcess: number;
  readonly child?: ChildProcess;
}

/**
 * Brings up the server unless somebody else's answers, announces it, and stops it when nobody has been connected for
 * the idle time. A server whose supervisor died is adopted.
 * @returns false when another supervisor is in charge
 */
export async function supervise(supervision: Supervision): Promise<boolean> {
  const { directory } = supervision.setup;
  const lock = join(directory, 'starting');
  let waited = false;
  for (let tries = 0; tries < startTries && !supervision.signal.aborted;) {
    if (await isInCharge(await findAnnounced(directory))) return false;
    if (!(await takeLock(lock))) {
      waited = true;
      await sleep(lookMs);
      continue;
    }
    if (waited) {
      // Whoever started it before us may have been asked to stop it since: only a client that still waits asks again.
      await releaseLock(lock);
      return false;
    }
    const running = await bringUp(supervision).finally(() => releaseLock(lock));
    if (running === 'supervised') return false;
    if (running !== undefined) {
      await watch(supervision, running);
      return true;
    }
    // Neither is cured by trying again.
    if (tellsOfDamage(await lastLogLines(directory, 'postgres.log'))) break;
    if ((await freeBytes(directory)) < segmentBytes) break;
    tries += 1;
    await sleep(100 + Math.floor(200 * Math.random()));
  }
  throw new Error('the server did not start; its log says why');
}

/** The work of the one supervisor that has the lock: from whatever lies in the folder to an announced server. */
async function bringUp(supervision: Supervision): Promise<Running | 'supervised' | undefined> {
  const { setup } = supervision;
  const announced = await findAnnounced(setup.directory);
  if (await isInCharge(announced)) return 'supervised';
  await initialiseData(setup);
  const running = announced ?? (await findUnannounced(setup.directory)) ?? (await start(supervision));
  if (running === undefined) return undefined;
  const { url, serverProcess } = running;
  await rememberPort(setup.directory, url);
  await writeServerFile(setup.directory, { url, serverProcess, supervisorProcess: process.pid });
  return running;
}

/** The announced server, if it answers. */
async function findAnnounced(directory: string): Promise<ServerFile | undefined> {
  const announced = await readServerFile(directory);
  return announced !== undefined && (await probeServer(announced.url)) ? announced : undefined;
}

async function isInCharge(announced: ServerFile | undefined): Promise<boolean> {
  return announced !== undefined && isSupervisor(announced.supervisorProcess);
}

/** A server that answers although nobody announces it: its supervisor was killed in between, or the file was lost. */
async function findUnannounced(directory: string): Promise<Running | undefined> {
  const postmaster = await readPostmasterFile(directory);
  if (postmaster === undefined || postmaster.port === 0) return undefined;
  const url = serverUrl(await readPassword(directory), postmaster.port);
  return (await probeServer(url)) ? { url, serverProcess: postmaster.serverProcess } : undefined;
}

async function start(supervision: Supervision): Promise<Running | undefined> {
  const { setup } = supervision;
  await forgetStranger(setup.directory);
  const { url, child, exited } = await runPostgres(setup, supervision);
  const serverProcess = child.pid ?? 0;
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const isOurs = async (): Promise<boolean> =>
    (await readPostmasterFile(setup.directory))?.serverProcess === serverProcess;
  // Another server of this folder may answer at the same port, with the same password.
  if ((await answers(url, isRunning)) && (await isOurs())) return { url, serverProcess, child };
  child.kill('SIGINT');
  await exited;
  return undefined;
}

/** Polls a server that is starting until it answers or ends. Recovery after a crash may take a while. */
async function answers(url: string, isRunning: () => boolean): Promise<boolean> {
  while (isRunning()) {
    if (await probeServer(url)) return true;
    await sleep(15);
  }
  return false;
}

/** Stays until the server is idle for long enough, is gone, belongs to another supervisor, or we are asked to end. */
async function watch(
  { setup, idleMs, signal }: Supervision,
  { url, serverProcess, child }: Running,
): Promise<void> {
  let client = await connect(url);
  let lastActive = performance.now();
  let sessions = -1;
  while (!signal.aborted && isAlive(serverProcess)) {
    const announced = await readServerFile(setup.directory);
    if (announced === undefined) {
      // Whoever supervised before us may remove the announcement last: a server must never run unannounced.
      await writeServerFile(setup.directory, { url, serverProcess, supervisorProcess: process.pid });
    } else if (announced.supervisorProcess !== process.pid) {
      await client?.end();
      // The server stays, and must not keep this process.
      child?.unref();
      return;
    }
    const activity = client && (await countActivity(client));
    if (activity === undefined) {
      // One of its processes crashed: PostgreSQL restarts the others by itself, or ends.
      await client?.end().catch(() => undefined);
      await sleep(reconnectMs);
      client = await connect(url);
      lastActive = performance.now();
      continue;
    }
    if (activity.clients > 0 || activity.sessions !== sessions) lastActive = performance.now();
    sessions = activity.sessions;
    if (performance.now() - lastActive >= idleMs) break;
    await sleep(Math.min(500, idleMs / 4), undefined, { signal }).catch(() => undefined);
  }
  await removeServerFile(setup.directory, process.pid);
  await client?.end().catch(() => undefined);
  await stopPostgres(setup, serverProcess);
}

/** Undefined when the server does not answer now. */
async function connect(url: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 3000,
    application_name: 'slipway supervisor',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch {
    await client.end().catch(() => undefined);
    return undefined;
  }
}

/** Clients connected now, and sessions begun so far: short visits between two looks count as activity too. */
async function countActivity(client: pg.Client): Promise<{ clients: number; sessions: number } | undefined> {
  try {
    const { rows } = await client.query<{ clients: number; sessions: number }>(
      `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS clients,
              (SELECT sum(sessions)::float8 FROM pg_stat_database) AS sessions`,
    );
    return rows[0];
  } catch {
    return undefined;
  }
}

/** Fast shutdown: open transactions are rolled back, clients disconnected, nothing committed is lost. */
async function stopPostgres(
  { directory, binaries, privileges, libraries }: ServerSetup,
  serverProcess: number,
): Promise<void> {
  if (process.platform === 'win32') {
    const { program, args } = asUnprivileged(privileges, binaries.pgCtl, [
      'stop',
      '-D',
      dataPath(directory),
      '-m',
      'fast',
    ]);
    await new Promise<void>((resolve) =>
      execFile(program, [...args], { env: { ...libraries } }, () => resolve()),
    );
    return;
  }
  if (isAlive(serverProcess)) process.kill(serverProcess, 'SIGINT');
  if (!(await waitUntilGone([serverProcess], 20_000)) && isAlive(serverProcess))
    process.kill(serverProcess, 'SIGQUIT');
}
