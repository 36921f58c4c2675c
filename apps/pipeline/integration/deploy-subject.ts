import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@slipway/database';
import type { TestDatabase } from '@slipway/database/testing';
import type { DeploymentContext, ModelDefinition } from '@slipway/deployment';
import { createCommandContext } from '../src/command-context.ts';
import { parseEnvironment } from '../src/environment.ts';
import { findProject } from '../src/find-project.ts';
import { createOutput } from '../src/output.ts';
import { startDeploy, type DeployEnd, type DeployOrder, type DeployProcess } from './deploy-process.ts';

/** Where runs, models and versions are recorded: environment variables that choose it. */
export interface Backend {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when its server has done whatever dead processes asked of it. */
  readonly untilIdle?: () => Promise<void>;
}

/** A database of its own, and a model that is to be deployed into it by processes that die. */
export interface DeploySubject {
  readonly backend: Backend;
  readonly database: Database;
  /** Deploys in a process of its own. */
  deploy(order?: DeployOrder): Promise<DeployEnd>;
  /** The same, without waiting for its end. */
  start(order: DeployOrder): Promise<DeployProcess>;
  /** Works with what the processes left, from this process. */
  inspect<T>(work: (context: DeploymentContext, model: ModelDefinition) => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

/** @param options.name of the environment, for a model of its own on a registry that others use */
export function createDeploySubject({
  backend,
  folder,
  test,
  name,
}: {
  backend: Backend;
  folder: string;
  test: TestDatabase;
  name: string;
}): DeploySubject {
  const variables = {
    DATABASE_URL: test.url,
    SLIPWAY_ENV: name,
    SLIPWAY_USER: 'ada',
    GIT_COMMIT: 'f'.repeat(40),
    ...backend.environment,
  };
  const place = { folder, variables, name };
  return {
    backend,
    database: test.database,
    deploy: async (order = {}) => (await startDeploy(place, order)).ended,
    start: (order) => startDeploy(place, order),
    inspect: (work) => inspect(folder, variables, work),
    remove: () => test.drop(),
  };
}

/** The context of the command line itself, so that the environment chooses the registry here as there. */
async function inspect<T>(
  folder: string,
  variables: Readonly<Record<string, string>>,
  work: (context: DeploymentContext, model: ModelDefinition) => Promise<T>,
): Promise<T> {
  const silent = { isTTY: false, write: () => true };
  const command = createCommandContext({
    environment: parseEnvironment(variables),
    output: createOutput({ stdout: silent, stderr: silent, json: true, color: false }),
    project: await findProject(folder),
    folder,
    now: Date.now,
  });
  try {
    const model = (await command.configurations()).models.get('bike-demand');
    return await work(await command.deployment(), model!);
  } finally {
    await command.close();
  }
}

/**
 * What time does to a dead process: its statements and requests end on the servers, and its leases run out. A lease of
 * 30 seconds is longer than a statement that was on its way.
 */
export async function letLeasesExpire({ backend, database }: DeploySubject): Promise<void> {
  await backend.untilIdle?.();
  for (let others = 1; others > 0; await sleep(10)) {
    const [row] = await database.query<{ others: number }>(
      "SELECT count(*)::int AS others FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'slipway'",
    );
    others = row?.others ?? 0;
  }
  await database.execute("UPDATE slipway_leases.lease SET expires_at = '-infinity'");
}
