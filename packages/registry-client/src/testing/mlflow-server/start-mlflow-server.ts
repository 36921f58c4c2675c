import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { ensureMlflow } from './ensure-mlflow.ts';
import { ensurePostgresDriver } from './ensure-postgres-driver.ts';
import { mlflowReleases, type MlflowMajor } from './mlflow-release.ts';

/** A running MLflow server. */
export interface MlflowTestServer {
  readonly url: string;
  readonly version: string;
  /** Leader of the server's process group. */
  readonly processId: number;
  /** Ends all its processes and removes its store, unless it was given one. */
  stop(): Promise<void>;
}

export interface StartMlflowServerOptions {
  readonly major: MlflowMajor;
  /** Where MLflow is installed; see {@link ensureMlflow}. */
  readonly cacheFolder?: string;
  /** Processes that answer. MLflow 3 kills one of several that misses a ping while the machine is busy. @default 1 */
  readonly workers?: number;
  /** A store that is there already and stays when the server stops. @default one of its own, in SQLite */
  readonly store?: MlflowStore;
  /** More of `mlflow server`'s own arguments. */
  readonly args?: readonly string[];
}

/** Where a server keeps what it is told. */
export interface MlflowStore {
  /** `postgresql+psycopg2://...` or `sqlite:///...`; without a driver, SQLAlchemy chooses by its own version. */
  readonly backendStoreUri: string;
  /** Absolute path. */
  readonly artifactsFolder: string;
}

/** Seconds in which a server must answer. */
const deadlineSeconds = 90;

/** Starts a pinned MLflow server on a free port of 127.0.0.1, which passes files through to the folder of its store. */
export async function startMlflowServer(options: StartMlflowServerOptions): Promise<MlflowTestServer> {
  const { major, cacheFolder, workers = 1, store, args = [] } = options;
  const python = await ensureMlflow(major, cacheFolder);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-mlflow-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const isPostgres = store?.backendStoreUri.startsWith('postgresql') ?? false;
  // Its workers are processes of their own, so the driver's folder has to be in the environment.
  const driver = isPostgres ? [`PYTHONPATH=${await ensurePostgresDriver(python)}`] : [];
  const log = await open(join(folder, 'log'), 'w');
  const command = [
    ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', `${port}`, '--workers', `${workers}`],
    ...['--backend-store-uri', store?.backendStoreUri ?? `sqlite:///${folder}/store.db`],
    ...['--artifacts-destination', store?.artifactsFolder ?? join(folder, 'artifacts')],
    ...['--serve-artifacts', ...args],
  ];
  // Without its job queue, which no registry needs and which takes five processes and most of the start.
  const child = spawn('env', ['MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false', ...driver, python, ...command], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const killAll = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', killAll);
  const stop = async (): Promise<void> => {
    process.off('exit', killAll);
    signalGroup(child, 'SIGTERM');
    await Promise.race([ended, timer(5_000, undefined, { ref: false })]);
    killAll();
    await ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await untilItAnswers(url, ended);
  } catch (error) {
    const lines = (await readFile(join(folder, 'log'), 'utf8')).trimEnd().split('\n').slice(-15);
    await stop();
    throw new Error(`MLflow ${mlflowReleases[major].version} did not start:\n${lines.join('\n')}`, {
      cause: error,
    });
  }
  return { url, version: mlflowReleases[major].version, processId: child.pid ?? 0, stop };
}

/** Its workers are processes of the same group. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended.
  }
}

async function untilItAnswers(url: string, ended: Promise<void>): Promise<void> {
  let isOver = false;
  void ended.then(() => (isOver = true));
  for (let tries = 0; tries < deadlineSeconds * 5; tries += 1) {
    if (isOver) throw new Error('the process ended');
    const isUp = await fetch(`${url}/health`).then(
      async (response) => (await response.text()) === 'OK',
      () => false,
    );
    if (isUp) return;
    await timer(200);
  }
  throw new Error(`no answer within ${deadlineSeconds} seconds`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
