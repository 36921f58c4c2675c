import { randomUUID } from 'node:crypto';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { connectDatabase, migrate, type Database } from '@slipway/database';
import { ensureEmbeddedServer } from '@slipway/database/embedded';
import { datasetsMigrations } from '@slipway/datasets';
import type { DeploymentContext } from '@slipway/deployment';
import { driftMigrations } from '@slipway/drift/postgres';
import { featuresMigrations } from '@slipway/features';
import { createMlflowClient, type Registry } from '@slipway/registry-client';
import { createEmbeddedRegistry, registryMigrations } from '@slipway/registry-client/embedded';
import { servingMigrations } from '@slipway/serving';
import type { Environment } from './environment.ts';
import type { Project } from './find-project.ts';
import { findGitCommit } from './git-commit.ts';
import { loadConfigurations, type Configurations } from './load-configurations.ts';
import type { Output } from './output.ts';
import { createStepLines } from './step-lines.ts';

/** What a verb works with. Each part is opened when first asked for, so that "slipway help" starts no server. */
export interface CommandContext {
  readonly environment: Environment;
  readonly output: Output;
  readonly project: Project;
  /** Folder the command was typed in: files named on the command line are found from it. */
  readonly folder: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Who takes leases: this process. */
  readonly holder: string;
  configurations(): Promise<Configurations>;
  databaseUrl(): Promise<string>;
  database(): Promise<Database>;
  /** The registry on the MLflow server of the settings, that of `deployment()`; undefined for the embedded one. */
  trackingServer(): Registry | undefined;
  deployment(): Promise<DeploymentContext>;
  close(): Promise<void>;
}

/** Every package's migrations, in the order they are applied. */
export const allMigrations = [
  featuresMigrations,
  datasetsMigrations,
  registryMigrations,
  servingMigrations,
  driftMigrations,
];

/** Joins environment, project and output into the context that the verbs share. */
export function createCommandContext(parts: {
  environment: Environment;
  output: Output;
  project: Project;
  folder: string;
  now: () => number;
  /** Seconds the embedded server waits after its last client left. @default 60 */
  idleSeconds?: number;
  /** Changes what the project's files say, for one command. */
  configure?: (configurations: Configurations) => Configurations;
}): CommandContext {
  const { environment, output, project, folder, now, configure = (found) => found } = parts;
  const holder = `${hostname()}:${process.pid}`;
  let opened: Database | undefined;
  const configurations = once(async () => configure(await loadConfigurations(project)));
  const databaseUrl = once(() => resolveDatabaseUrl(parts));
  const database = once(async () => {
    opened = await connectDatabase({
      url: await databaseUrl(),
      applicationName: 'slipway',
      // Its folder says more than a port that changes.
      ...(environment.databaseUrl === undefined ? { location: join(project.state, 'postgres') } : {}),
    });
    for (const set of allMigrations) await migrate(opened, set);
    return opened;
  });
  const trackingServer = once(() => environment.mlflow && createMlflowClient({ ...environment.mlflow, now }));
  const deployment = once(async (): Promise<DeploymentContext> => {
    const connected = await database();
    return {
      database: connected,
      registry: trackingServer() ?? createEmbeddedRegistry({ database: connected, now, generateId: newId }),
      environment: environment.environment,
      featureTables: (await configurations()).featureTables,
      now,
      generateId: newId,
      holder,
      who: environment.who,
      gitCommit: environment.gitCommit ?? (await findGitCommit(project)),
      workers: availableParallelism(),
      memoryBytes: memoryBytes(),
      onStep: createStepLines(output, now),
    };
  });
  return {
    environment,
    output,
    project,
    folder,
    now,
    holder,
    configurations,
    databaseUrl,
    database,
    trackingServer,
    deployment,
    close: async () => opened?.close(),
  };
}

/** What a container allows, or what the machine has. */
function memoryBytes(): number {
  const allowed = process.constrainedMemory();
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

async function resolveDatabaseUrl({
  environment,
  output,
  project,
  idleSeconds = 60,
}: Parameters<typeof createCommandContext>[0]): Promise<string> {
  if (environment.databaseUrl !== undefined) return environment.databaseUrl;
  const { url } = await ensureEmbeddedServer({
    directory: join(project.state, 'postgres'),
    idleSeconds,
    // In place: $(slipway db url) is an address and nothing else.
    onStart: (line) => output.progress(line),
  });
  return url;
}

function newId(): string {
  return randomUUID().replaceAll('-', '');
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
