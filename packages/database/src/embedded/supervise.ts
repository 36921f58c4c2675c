import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { dataPath, initialiseData, type ServerSetup } from './data-directory.ts';
import { probeServer } from './probe-server.ts';
import { isAlive, waitUntilGone } from './processes.ts';
import { rememberPort, runPostgres } from './run-postgres.ts';
import { readServerFile, removeServerFile, writeServerFile } from './server-file.ts';
import { lastLogLines, tellsOfDamage } from './server-log.ts';
import { asUnprivileged } from './unprivileged.ts';

export interface Supervision {
  readonly setup: ServerSetup;
  readonly idleMs: number;
  readonly fsync: boolean;
  /** Aborted when the supervisor is asked to end: the server is stopped first. */
  readonly signal: AbortSignal;
}

const startTries = 100;

/**
 * Brings up the server unless somebody else's answers, announces it, and stops it when nobody has been connected for
 * the idle time. A server whose supervisor died is adopted.
 * @returns false when another supervisor is in charge
 */
export async function supervise(supervision: Supervision): Promise<boolean> {
  const { setup, signal } = supervision;
  await initialiseData(setup);
  for (let tries = 0; tries < startTries && !signal.aborted; tries += 1) {
    const announced = await readServerFile(setup.directory);
    if (announced !== undefined && (await probeServer(announced.url))) {
      if (isAlive(announced.supervisorProcess)) return false;
      await writeServerFile(setup.directory, { ...announced, supervisorProcess: process.pid });
      await watch(supervision, announced.url, announced.serverProcess);
      return true;
    }
    const { url, child, exited } = await runPostgres(setup, supervision);
    if (await answers(url, () => child.exitCode === null && child.signalCode === null)) {
      const serverProcess = child.pid ?? 0;
      await rememberPort(setup.directory, url);
      await writeServerFile(setup.directory, { url, serverProcess, supervisorProcess: process.pid });
      await watch(supervision, url, serverProcess);
      await exited;
      return true;
    }
    child.kill('SIGINT');
    await exited;
    if (tellsOfDamage(await lastLogLines(setup.directory, 'postgres.log'))) break;
    await sleep(100 + Math.floor(200 * Math.random()));
  }
  throw new Error('the server did not start; its log says why');
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
  url: string,
  serverProcess: number,
): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'slipway supervisor' });
  client.on('error', () => undefined);
  await client.connect();
  let lastActive = performance.now();
  let sessions = -1;
  while (!signal.aborted && isAlive(serverProcess)) {
    const announced = await readServerFile(setup.directory);
    if (announced === undefined) {
      // Whoever supervised before us may remove the announcement last: a server must never run unannounced.
      await writeServerFile(setup.directory, { url, serverProcess, supervisorProcess: process.pid });
    } else if (announced.supervisorProcess !== process.pid) {
      await client.end();
      return;
    }
    const activity = await countActivity(client);
    if (activity === undefined) break;
    if (activity.clients > 0 || activity.sessions !== sessions) lastActive = performance.now();
    sessions = activity.sessions;
    if (performance.now() - lastActive >= idleMs) break;
    await sleep(Math.min(500, idleMs / 4), undefined, { signal }).catch(() => undefined);
  }
  await removeServerFile(setup.directory, process.pid);
  await client.end().catch(() => undefined);
  await stopPostgres(setup, serverProcess);
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
