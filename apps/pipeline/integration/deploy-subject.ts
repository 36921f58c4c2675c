import { spawn, type ChildProcess } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrate, type Database } from '@slipway/database';
import { createTestDatabase, type TestDatabaseOptions } from '@slipway/database/testing';
import { deployModel, type DeploymentContext, type ModelDefinition } from '@slipway/deployment';
import { featuresMigrations, loadFeatureTable } from '@slipway/features';
import bikeHours from '../features/bike-hours.ts';
import { createCommandContext } from '../src/command-context.ts';
import { parseEnvironment } from '../src/environment.ts';
import { findProject } from '../src/find-project.ts';
import { createOutput } from '../src/output.ts';
import { copyProject } from './cli-project.ts';
import { day } from './test-deployment.ts';
import type { KillOrder } from './kill-order.ts';

const launcher = fileURLToPath(new URL('kill-at-call.ts', import.meta.url));
const modelFile = join('apps', 'pipeline', 'models', 'bike-demand.ts');

/** Where runs, models and versions are recorded: environment variables that choose it. */
export interface Backend {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Resolves when its server has done whatever dead processes asked of it. */
  readonly untilIdle?: () => Promise<void>;
}

/** `first`: nothing serves yet. `second`: a weak version serves, and the candidate has to beat it. */
export type Scenario = 'first' | 'second';

/** A project and a database with feature rows and none of the other schemas, to be copied for each round. */
export interface DeployTemplate {
  createSubject(backend: Backend, scenario: Scenario, name: string): Promise<DeploySubject>;
  remove(): Promise<void>;
}

/** A fresh database, and a model that is to be deployed into it by processes that die. */
export interface DeploySubject {
  readonly backend: Backend;
  readonly database: Database;
  /** Runs `slipway deploy bike-demand --json` in a process of its own; the lines are the calls it made. */
  deploy(order?: Omit<KillOrder, 'trace'>): Promise<DeployProcess>;
  /** The same, without waiting for its end. */
  start(order: Omit<KillOrder, 'trace'>): Promise<{ child: ChildProcess; ended: Promise<DeployProcess> }>;
  /** Works with what the processes left, from this process. */
  inspect<T>(work: (context: DeploymentContext, model: ModelDefinition) => Promise<T>): Promise<T>;
  remove(): Promise<void>;
}

export interface DeployProcess {
  /** Null after a kill. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly string[];
}

/** @param options which server its databases lie on. @default the embedded one that all tests share */
export async function createDeployTemplate(
  options: Pick<TestDatabaseOptions, 'directory' | 'server'> = {},
): Promise<DeployTemplate> {
  const folder = await copyProject();
  const path = join(folder, modelFile);
  await writeFile(path, (await readFile(path, 'utf8')).replace('nEstimators: 50', 'nEstimators: 10'));
  const template = await createTestDatabase(options);
  await migrate(template.database, featuresMigrations);
  const where = { column: 'hour_start', from: day('2011-01-01'), to: day('2011-03-01') };
  const source = { kind: 'csv', path: join(folder, 'apps/pipeline/data/bike-hours.csv'), where } as const;
  await loadFeatureTable(template.database, bikeHours, source, { holder: 'template', now: Date.now });
  await template.database.close();
  return {
    async createSubject(backend, scenario, name) {
      const copy = await createTestDatabase({ ...options, template: template.url });
      const variables = {
        DATABASE_URL: copy.url,
        SLIPWAY_ENV: name,
        SLIPWAY_USER: 'ada',
        GIT_COMMIT: 'f'.repeat(40),
        ...backend.environment,
      };
      const subject: DeploySubject = {
        backend,
        database: copy.database,
        deploy: async (order = {}) => (await startDeploy({ folder, variables, name, order })).ended,
        start: (order) => startDeploy({ folder, variables, name, order }),
        inspect: (work) => inspect(folder, variables, work),
        remove: () => copy.drop(),
      };
      if (scenario === 'second') await subject.inspect(deployWeak);
      return subject;
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await template.drop();
    },
  };
}

async function startDeploy({
  folder,
  variables,
  name,
  order,
}: {
  folder: string;
  variables: Readonly<Record<string, string>>;
  name: string;
  order: Omit<KillOrder, 'trace'>;
}): Promise<{ child: ChildProcess; ended: Promise<DeployProcess> }> {
  const trace = join(folder, `calls-${name}`);
  await writeFile(trace, '');
  const told: KillOrder = { ...order, trace };
  const args = [
    '--conditions=@slipway/source',
    launcher,
    JSON.stringify(told),
    'deploy',
    'bike-demand',
    '--json',
  ];
  const child = spawn(process.execPath, args, { cwd: folder, env: { PATH: '', ...variables } });
  return { child, ended: watchDeploy(child, trace) };
}

async function watchDeploy(child: ChildProcess, trace: string): Promise<DeployProcess> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const calls = (await readFile(trace, 'utf8')).split('\n').filter((line) => line !== '');
  return { code, stdout, stderr, calls };
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

async function deployWeak(context: DeploymentContext, model: ModelDefinition): Promise<void> {
  const params = { nEstimators: 1, maxDepth: 2 };
  const estimator = { ...model.estimator, params } as ModelDefinition['estimator'];
  const gate = { ...model.gate, threshold: 1_000 };
  const { outcome } = await deployModel(context, { ...model, estimator, gate });
  if (outcome !== 'promoted') throw new Error(`the first version was not promoted but ${outcome}`);
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
