import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTestDatabase, type PostgresServer, type TestDatabase } from '@slipway/database/testing';
import {
  mlflowCacheFolder,
  startMlflowServer,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { documentedCommands } from './documented-commands.ts';
import { withPostgresPrograms } from './postgres-programs.ts';

/** An empty database for MLflow and an empty folder for its artifacts, which is there already, as a mounted one would be. */
export interface MlflowPlace {
  readonly database: TestDatabase;
  /** Parent folder; the artifacts lie in `artifacts` below it. */
  readonly folder: string;
  readonly artifacts: string;
  start(): Promise<MlflowTestServer>;
  remove(): Promise<void>;
}

export async function createMlflowPlace(server: PostgresServer): Promise<MlflowPlace> {
  const database = await createTestDatabase({ server: server.url });
  const folder = await mkdtemp(join(tmpdir(), 'slipway-saved-'));
  const artifacts = join(folder, 'artifacts');
  await mkdir(artifacts);
  let started: MlflowTestServer | undefined;
  return {
    database,
    folder,
    artifacts,
    async start() {
      const backendStoreUri = database.url.replace(/^postgres:/, 'postgresql+psycopg2:');
      const store = { backendStoreUri, artifactsFolder: artifacts };
      started = await startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(process.env), store });
      return started;
    },
    async remove() {
      await started?.stop();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the commands of the page, from or into these places; the first that fails ends them. */
export async function runPage(
  firstLine: '# Backup' | '# Restore',
  {
    server,
    slipway,
    mlflow,
    backup,
  }: { server: PostgresServer; slipway: string; mlflow: MlflowPlace; backup: string },
): Promise<void> {
  const variables = {
    PATH: withPostgresPrograms(server.major),
    DATABASE_URL: slipway,
    MLFLOW_DATABASE_URL: mlflow.database.url,
    MLFLOW_ARTIFACTS: mlflow.artifacts,
    BACKUP: backup,
  };
  const commands = await documentedCommands('operations.md', firstLine);
  await promisify(execFile)('sh', ['-euc', commands], { env: variables });
}
