import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '@slipway/database';
import type { PostgresServer } from '@slipway/database/testing';
import {
  ensureMlflow,
  ensurePostgresDriver,
  mlflowCacheFolder,
  mlflowReleases,
  postgresDriver,
} from '@slipway/registry-client/testing';
import { documentedCommands, putInPlace } from './documented-commands.ts';
import { freePort } from './free-port.ts';
import { withPostgresPrograms } from './postgres-programs.ts';
import { startShell } from './start-shell.ts';

const page = 'real-servers.md';
const pinned = `mlflow==${mlflowReleases['3'].version} ${postgresDriver}`;

/** The servers of docs/real-servers.md, started by its commands in a home folder of their own. */
export interface PageServers {
  readonly home: string;
  /** Names of the two databases. */
  readonly databases: { readonly slipway: string; readonly mlflow: string };
  readonly trackingUri: string;
  /** The lines that tell another terminal where the servers are. */
  readonly exports: string;
  /** Ends MLflow; drops both databases and the home folder. */
  remove(): Promise<void>;
}

/** Runs the block under "Without Docker". Databases and ports have other names here, and MLflow is installed already. */
export async function startPageServers(postgres: PostgresServer): Promise<PageServers> {
  const databases = { slipway: nameDatabase(), mlflow: nameDatabase() };
  const place = { server: new URL(postgres.url), databases, port: await freePort() };
  const [commands, exports] = [await commandsFor(place), await exportsFor(place)];
  const home = await mkdtemp(join(tmpdir(), 'slipway-page-'));
  await linkMlflow(join(home, '.slipway-mlflow', 'bin'));
  const shell = startShell(commands, {
    HOME: home,
    PATH: withPostgresPrograms(postgres.major),
    PGPASSWORD: decodeURIComponent(place.server.password),
  });
  const remove = async (): Promise<void> => {
    await shell.end();
    const database = await connectDatabase({ url: postgres.url, maxConnections: 1 });
    for (const name of Object.values(databases))
      await database.execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await database.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  };
  const trackingUri = `http://127.0.0.1:${place.port}`;
  try {
    await shell.untilItAnswers(`${trackingUri}/health`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { home, databases, trackingUri, exports, remove };
}

interface Place {
  readonly server: URL;
  readonly databases: PageServers['databases'];
  /** Of MLflow. */
  readonly port: number;
}

async function commandsFor({ server, databases, port }: Place): Promise<string> {
  const { hostname, port: serverPort, username } = server;
  return putInPlace(await documentedCommands(page, 'createdb'), [
    [
      '--host 127.0.0.1 --username postgres',
      `--host ${hostname} --port ${serverPort || '5432'} --username ${username}`,
    ],
    ['template0 slipway\n', `template0 ${databases.slipway}\n`],
    ['template0 mlflow\n', `template0 ${databases.mlflow}\n`],
    [`python3 -m venv ~/.slipway-mlflow\n~/.slipway-mlflow/bin/pip install ${pinned}\n`, ''],
    ['--port 5000', `--port ${port}`],
    // MLflow 3 ends one of several that misses a ping while the machine is busy.
    ['--workers 2', '--workers 1'],
    ['postgres@127.0.0.1:5432/mlflow', `${authorityOf(server)}/${databases.mlflow}`],
  ]);
}

async function exportsFor({ server, databases, port }: Place): Promise<string> {
  return putInPlace(await documentedCommands(page, 'export DATABASE_URL'), [
    ['postgres@127.0.0.1:5432/slipway', `${authorityOf(server)}/${databases.slipway}`],
    ['127.0.0.1:5000', `127.0.0.1:${port}`],
  ]);
}

function authorityOf({ username, password, host }: URL): string {
  return `${username}${password && `:${password}`}@${host}`;
}

function nameDatabase(): string {
  return `test_${randomBytes(8).toString('hex')}`;
}

/** The `mlflow` of an environment, as `pip install` would leave it, that runs the one all suites share. */
async function linkMlflow(programs: string): Promise<void> {
  const python = await ensureMlflow('3', mlflowCacheFolder(process.env));
  const driver = await ensurePostgresDriver(python);
  await mkdir(programs, { recursive: true });
  const script = `#!/bin/sh\nPYTHONPATH=${driver} exec ${python} -m mlflow "$@"\n`;
  await writeFile(join(programs, 'mlflow'), script, { mode: 0o755 });
}
