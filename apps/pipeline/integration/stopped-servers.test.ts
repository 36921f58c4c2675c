import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lineage } from '@slipway/deployment';
import { createMlflowClient } from '@slipway/registry-client';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { copyProject, runCommand, type CommandResult } from './cli-project.ts';
import { expectUnreachable, verbLimit } from './expect-unreachable.ts';
import { startReverseProxy } from './reverse-proxy.ts';
import { runInLanes, type EndedVerb } from './run-in-lanes.ts';
import { startServersBehindDoors, type ServersBehindDoors } from './servers-behind-doors.ts';
import { startServingApp, type ServingApp } from './serving-app.ts';
import { serverVerbs, storedDataset, unlistedVerbs, type ServerVerb } from './verbs-of-servers.ts';

/** Seconds within which a serving app has to listen, servers or not. */
const listenLimit = 6;
/** Milliseconds for all verbs in two lanes, so that one that takes too long is named by its own limit. */
const allVerbsMs = (serverVerbs.length / 2 + 1) * verbLimit * 1000;
const row = {
  hour: 8,
  weekday: 2,
  workingday: true,
  holiday: false,
  month: 1,
  weather: 'clear',
  temperature: 3.5,
  feels_like: 1,
  humidity: 50,
  wind: 12,
};

let root: string;
let project: string;
/** What an earlier demo left in its folder: the next one may delete it, but not when it cannot run. */
let demoProject: string;
const leftByDemo = ['made-by-demo', 'reports'];
let servers: ServersBehindDoors;
let serving: ServingApp;
let before: unknown;
/** Digest of the training set of the model that serves. */
let trainDigest: string;
/** Ids of what the serving app answered. */
const asked: string[] = [];
let questions = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-stopped-'));
  project = await copyProject();
  demoProject = await copyProject();
  await mkdir(join(demoProject, '.slipway/reports'), { recursive: true });
  await writeFile(join(demoProject, '.slipway/made-by-demo'), '');
  servers = await startServersBehindDoors(process.env, { processId: process.pid });
  const model = join(project, 'apps/pipeline/models/bike-demand.ts');
  const text = await readFile(model, 'utf8');
  await writeFile(model, text.replace('nEstimators: 100', 'nEstimators: 10'));
  for (const args of [serverVerbs[0]!.args, ['deploy', 'bike-demand']]) {
    const { code, stderr } = await runCommand(project, servers.variables(), args);
    expect(code, stderr).toBe(0);
  }
  const { stdout } = await runCommand(project, servers.variables(), [
    'explain',
    'bike-demand@production',
    '--json',
  ]);
  trainDigest = (JSON.parse(stdout) as Lineage).datasets.train.digest;
  serving = await startServingApp(servingVariables('serving'));
  before = await ask(serving);
}, 600_000);
afterEach(async () => {
  await servers.set({ database: 'open', registry: 'open' });
  expect((await readdir(join(demoProject, '.slipway'))).toSorted()).toEqual(leftByDemo);
});
afterAll(async () => {
  await serving.stop();
  await servers.stop();
  await Promise.all(
    [root, project, demoProject].map((folder) => rm(folder, { recursive: true, force: true })),
  );
});

const run = (args: readonly string[], variables: Record<string, string>): Promise<CommandResult> =>
  runCommand(args[0] === 'demo' ? demoProject : project, variables, args, { timeoutMs: verbLimit * 1000 });
const servingVariables = (cache: string): Record<string, string> & { SLIPWAY_MODELS: string } => ({
  ...servers.variables(),
  SLIPWAY_MODELS: 'bike-demand',
  SLIPWAY_CACHE_DIR: join(root, cache),
});

/** Asks a serving app whether it is ready, and for a prediction; both must come soon. */
async function ask({ url }: ServingApp): Promise<unknown> {
  const id = `asked-${(questions += 1)}`;
  const signal = AbortSignal.timeout(5_000);
  expect((await fetch(`${url}/v2/health/ready`, { signal })).status).toBe(200);
  const headers = { 'content-type': 'application/json', 'x-request-id': id };
  const body = JSON.stringify({ dataframe_records: [row] });
  const response = await fetch(`${url}/invocations`, { method: 'POST', headers, body, signal });
  expect(response.status).toBe(200);
  if (url === serving.url) asked.push(id);
  return { version: response.headers.get('x-slipway-model-version'), body: await response.json() };
}

/** The serving app is asked after each verb: what it says is what it said before. */
const runAll = (verbs: readonly ServerVerb[]): Promise<readonly EndedVerb[]> =>
  runInLanes(verbs, {
    run: (args, environment) =>
      run(
        args.map((word) => (word === storedDataset ? trainDigest : word)),
        { ...servers.variables(), SLIPWAY_ENV: environment },
      ),
    afterEach: async () => expect(await ask(serving)).toEqual(before),
  });

/** Ids of all runs of an experiment. */
async function runsOf(experiment: string): Promise<string[]> {
  const registry = createMlflowClient({ trackingUri: new URL(servers.registry.url).origin });
  const { experimentId } = await registry.ensureExperiment(experiment);
  const runs = await registry.searchRuns({ experimentId });
  return runs.map(({ runId }) => runId);
}

/** A serving app that starts now with the models that the running one has kept, and nothing else. */
async function expectStartFromCache(name: string): Promise<void> {
  await cp(join(root, 'serving/models'), join(root, name, 'models'), { recursive: true });
  const started = await startServingApp(servingVariables(name));
  try {
    expect(started.secondsToListen).toBeLessThan(listenLimit);
    expect(await ask(started)).toEqual(before);
  } finally {
    expect(await started.stop()).toBe(0);
  }
}

it('there is no verb that this suite forgot', () => {
  expect(unlistedVerbs()).toEqual([]);
});

it.each(['shut', 'silent'] as const)(
  'the database %s: every verb names DATABASE_URL',
  async (state) => {
    await servers.set({ database: state, registry: 'open' });
    expectUnreachable(await runAll(serverVerbs), servers.database, { ...servers, state });
  },
  allVerbsMs,
);

it('both shut: DATABASE_URL is named, the first that is asked', async () => {
  await servers.set({ database: 'shut', registry: 'shut' });
  const some = serverVerbs.filter(({ args }) => ['deploy', 'serve', 'demo'].includes(args[0]!));
  expect(some).toHaveLength(3);
  expectUnreachable(await runAll(some), servers.database, { ...servers, state: 'shut' });
});

it.each(['shut', 'silent'] as const)('both %s: a serving app starts from its cache', async (state) => {
  await servers.set({ database: state, registry: state });
  await expectStartFromCache(`both-${state}`);
  expect(await ask(serving)).toEqual(before);
});

it.each(['shut', 'silent'] as const)(
  'MLflow %s: verbs that ask it name its setting',
  async (state) => {
    await servers.set({ database: 'open', registry: state });
    const asking = serverVerbs.filter(({ asks }) => asks === 'both');
    expectUnreachable(await runAll(asking), servers.registry, { ...servers, state });
  },
  allVerbsMs,
);

it('MLflow shut: verbs that do not ask it work', async () => {
  await servers.set({ database: 'open', registry: 'shut' });
  const ended = await runAll(serverVerbs.filter(({ asks }) => asks === 'database'));
  for (const { line, code, stderr } of ended) expect(code, line + stderr).toBe(0);
});

it('the demo asks MLflow before it deletes anything, with a database of its own too', async () => {
  await servers.set({ database: 'open', registry: 'silent' });
  const { MLFLOW_TRACKING_URI } = servers.variables();
  const { code, stderr } = await run(['demo'], { MLFLOW_TRACKING_URI });
  expect({ code, stderr }).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('MLFLOW_TRACKING_URI'),
  });
});

it('a JSON document names the setting as the message does', async () => {
  await servers.set({ database: 'open', registry: 'silent' });
  const { code, stdout } = await run(['status', '--json'], servers.variables());
  expect(code).toBe(6);
  expect(JSON.parse(stdout)).toMatchObject({
    code: 'registry_unavailable',
    message: expect.stringMatching(`${new URL(servers.registry.url).host}.*MLFLOW_TRACKING_URI`),
  });
});

it('a deploy whose answer was cut says to run again, and goes on with the run that was made', async () => {
  const proxy = await startReverseProxy(new URL(servers.registry.url).origin, {
    cuts: (path) => path.endsWith('/runs/create'),
  });
  const deploy = (variables: Record<string, string>): Promise<CommandResult> =>
    runCommand(project, { ...servers.variables(), ...variables, SLIPWAY_ENV: 'cut' }, [
      'deploy',
      'bike-demand',
      '--json',
    ]);
  const cut = await deploy({ MLFLOW_TRACKING_URI: proxy.url });
  await proxy.stop();
  expect(cut).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(
      /Creating a run failed: .*complete\. Run it again: it goes on where it stopped\./,
    ),
  });
  expect(cut.stdout + cut.stderr).not.toContain('look before');
  const again = await deploy({});
  expect(again.code, again.stderr).toBe(0);
  expect(await runsOf('bike-demand-cut')).toEqual([(JSON.parse(again.stdout) as { runId: string }).runId]);
});

it.each([
  ['db url', /^postgres:/],
  ['db stop', /^no embedded database server was running/],
  ['help', /deploy \[model\]/],
])('"slipway %s" asks no server', async (line, says) => {
  const away = { DATABASE_URL: 'postgres://ada@127.0.0.1:1/none', MLFLOW_TRACKING_URI: 'http://127.0.0.1:1' };
  const { code, stdout } = await run(line.split(' '), away);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(says) });
});

it('what was answered meanwhile is in the log once the database is back, each once', async () => {
  await servers.set({ database: 'shut', registry: 'open' });
  expect(await ask(serving)).toEqual(before);
  const logged = async (): Promise<string[]> => {
    const rows = await servers.connection.query<{ id: string }>(
      'SELECT client_request_id AS id FROM serving.prediction ORDER BY 1',
    );
    return rows.map(({ id }) => id);
  };
  expect(await logged()).not.toContain(asked.at(-1));
  await servers.set({ database: 'open', registry: 'open' });
  await expect.poll(logged, { timeout: 30_000 }).toEqual(expect.arrayContaining(asked.toSorted()));
  expect(await logged()).toEqual(asked.toSorted());
});
