import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureEmbeddedServer, stopEmbeddedServer } from '@slipway/database/embedded';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import {
  mlflowCacheFolder,
  startMlflowServer,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { copyProject, runCommand, type CommandResult } from './cli-project.ts';
import { startServingApp, type ServingApp } from './serving-app.ts';
import { startSilentServer, type SilentServer } from './silent-server.ts';
import { serverVerbs, unlistedVerbs, type ServerVerb } from './verbs-of-servers.ts';

/** Seconds that a verb may take, and that a serving app may take to listen. */
const limits = { verb: 15, listen: 6 };
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
let postgres: TestDatabase;
let mlflow: MlflowTestServer;
let serving: ServingApp;
let before: unknown;
/** Ids of what the serving app answered. */
const asked: string[] = [];
let questions = 0;
const silent: SilentServer[] = [];

const directory = (): string => join(root, 'postgres');
const portOf = (url: string): number => Number(new URL(url).port);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'slipway-stopped-'));
  project = await copyProject();
  demoProject = await copyProject();
  await mkdir(join(demoProject, '.slipway/reports'), { recursive: true });
  await writeFile(join(demoProject, '.slipway/made-by-demo'), '');
  [postgres, mlflow] = await Promise.all([
    createTestDatabase({ directory: directory() }),
    startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(process.env) }),
  ]);
  const model = join(project, 'apps/pipeline/models/bike-demand.ts');
  const text = await readFile(model, 'utf8');
  await writeFile(model, text.replace('nEstimators: 50', 'nEstimators: 10'));
  for (const args of [serverVerbs[0]!.args, ['deploy', 'bike-demand']]) {
    const { code, stderr } = await runCommand(project, servers(), args);
    expect(code, stderr).toBe(0);
  }
  serving = await startServingApp(servingVariables('serving'));
  before = await ask(serving);
}, 300_000);
afterAll(async () => {
  await serving.stop();
  await mlflow.stop();
  await ensurePostgres();
  await postgres.drop();
  await stopEmbeddedServer({ directory: directory() });
  await Promise.all(
    [root, project, demoProject].map((folder) => rm(folder, { recursive: true, force: true })),
  );
});

const servers = (): Record<string, string> => ({
  DATABASE_URL: postgres.url,
  MLFLOW_TRACKING_URI: mlflow.url.replace('http://', 'http://ada:hidden@'),
});
const run = (
  args: readonly string[],
  variables: Record<string, string> = servers(),
): Promise<CommandResult> =>
  runCommand(args[0] === 'demo' ? demoProject : project, variables, args, { timeoutMs: limits.verb * 1000 });
const servingVariables = (cache: string): Record<string, string> => ({
  ...servers(),
  SLIPWAY_MODELS: 'bike-demand',
  SLIPWAY_CACHE_DIR: join(root, cache),
});
const ensurePostgres = (): Promise<unknown> => ensureEmbeddedServer({ directory: directory(), fsync: false });

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

interface Ended extends CommandResult {
  readonly line: string;
  readonly seconds: number;
}

/**
 * Runs verbs, some at a time, each in an environment of its own, so that none waits for the lease of another. The
 * serving app is asked after each: what it says is what it said before.
 */
async function runAll(verbs: readonly ServerVerb[], atOnce: number): Promise<Ended[]> {
  const [left, ended]: [ServerVerb[], Ended[]] = [[...verbs], []];
  const worker = async (place: number): Promise<void> => {
    for (let verb = left.shift(); verb !== undefined; verb = left.shift()) {
      const begun = performance.now();
      const result = await run(verb.args, { ...servers(), SLIPWAY_ENV: `lane-${place}` });
      const seconds = (performance.now() - begun) / 1000;
      ended.push({ ...result, line: verb.args.join(' '), seconds });
      expect(await ask(serving)).toEqual(before);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, place) => worker(place)));
  console.log(
    `slowest ${Math.max(...ended.map(({ seconds }) => seconds)).toFixed(1)} s of ${ended.length} verbs`,
  );
  return ended;
}

/** Each ended in time with exit code 6, and one message says which setting points where, and what to do. */
function expectUnreachable(ended: readonly Ended[], server: { setting: string; url: string }): void {
  for (const { line, seconds, code, stdout, stderr } of ended) {
    const where = `${line}: ${stderr}`;
    expect(code, where).toBe(6);
    expect(seconds, where).toBeLessThan(limits.verb);
    expect(stderr, line).toMatch(/^(database_unreachable|registry_unavailable): /);
    expect(stderr, line).toContain(new URL(server.url).host);
    expect(stderr, line).toContain(server.setting);
    expect(stderr, line).toMatch(/ Check that /);
    expect(stderr, line).not.toMatch(/\n\s+at |--verbose/);
    for (const secret of [new URL(postgres.url).password, 'hidden']) {
      expect(stdout + stderr, line).not.toContain(secret);
    }
  }
}

const database = (): { setting: string; url: string } => ({ setting: 'DATABASE_URL', url: postgres.url });
const registry = (): { setting: string; url: string } => ({
  setting: 'MLFLOW_TRACKING_URI',
  url: mlflow.url,
});
const [askingBoth, askingDatabase] = (['both', 'database'] as const).map((servers) =>
  serverVerbs.filter(({ needs }) => needs === servers),
) as [ServerVerb[], ServerVerb[]];

/** Takes the place of servers that have been stopped, until the test ends. */
async function silence(...urls: readonly string[]): Promise<void> {
  for (const url of urls) silent.push(await startSilentServer(portOf(url)));
}

/** A serving app that starts now with the models that the running one has kept, and nothing else. */
async function expectStartFromCache(name: string): Promise<void> {
  await cp(join(root, 'serving/models'), join(root, name, 'models'), { recursive: true });
  const begun = performance.now();
  const started = await startServingApp(servingVariables(name));
  try {
    expect((performance.now() - begun) / 1000).toBeLessThan(limits.listen);
    expect(await ask(started)).toEqual(before);
  } finally {
    expect(await started.stop()).toBe(0);
  }
}

/** One after the other: each begins where the one before has left the servers. */
describe('with servers that are away', () => {
  afterEach(async () => {
    for (const server of silent.splice(0)) await server.close();
    expect((await readdir(join(demoProject, '.slipway'))).toSorted()).toEqual(leftByDemo);
  });

  it('there is no verb that this suite forgot', () => {
    expect(unlistedVerbs()).toEqual([]);
  });

  it('the database stopped: every verb names DATABASE_URL', async () => {
    await stopEmbeddedServer({ directory: directory() });
    expectUnreachable(await runAll(serverVerbs, 2), database());
  });

  it('the database silent: every verb names DATABASE_URL', async () => {
    await silence(postgres.url);
    expectUnreachable(await runAll(serverVerbs, 3), database());
    expect(silent[0]!.connections()).toBeGreaterThanOrEqual(serverVerbs.length);
  });

  it('both stopped: every verb names DATABASE_URL, the first it asks', async () => {
    await mlflow.stop();
    expectUnreachable(await runAll(serverVerbs, 2), database());
    await expectStartFromCache('both-stopped');
  });

  it('both silent: a serving app starts from its cache', async () => {
    await silence(postgres.url, mlflow.url);
    await expectStartFromCache('both-silent');
    expect(await ask(serving)).toEqual(before);
    for (const server of silent) expect(server.connections()).toBeGreaterThan(0);
  });

  it('MLflow stopped: verbs that ask it name MLFLOW_TRACKING_URI, the others work', async () => {
    await ensurePostgres();
    expectUnreachable(await runAll(askingBoth, 3), registry());
    for (const { line, code, stderr } of await runAll(askingDatabase, 2)) expect(code, line + stderr).toBe(0);
  });

  it('MLflow silent: verbs that ask it name MLFLOW_TRACKING_URI', async () => {
    await silence(mlflow.url);
    expectUnreachable(await runAll(askingBoth, 3), registry());
  });

  it('the demo asks MLflow before it deletes anything, with a database of its own too', async () => {
    const { code, stderr } = await run(['demo'], { MLFLOW_TRACKING_URI: mlflow.url });
    expect({ code, stderr }).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('MLFLOW_TRACKING_URI'),
    });
  });

  it('a JSON document names the setting as the message does', async () => {
    const { code, stdout } = await run(['status', '--json']);
    expect(code).toBe(6);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'registry_unavailable',
      message: expect.stringMatching(`${new URL(mlflow.url).host}.*MLFLOW_TRACKING_URI`),
    });
  });

  it.each([
    ['db url', /^postgres:/],
    ['db stop', /^no embedded database server was running/],
    ['help', /slipway deploy/],
  ])('"slipway %s" asks no server', async (line, says) => {
    const away = {
      DATABASE_URL: 'postgres://ada@127.0.0.1:1/none',
      MLFLOW_TRACKING_URI: 'http://127.0.0.1:1',
    };
    const { code, stdout } = await run(line.split(' '), away);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(says) });
  });

  it('what was answered meanwhile is in the log once the database is back, each once', async () => {
    const logged = async (): Promise<string[]> => {
      const rows = await postgres.database.query<{ id: string }>(
        'SELECT client_request_id AS id FROM serving.prediction ORDER BY 1',
      );
      return rows.map(({ id }) => id);
    };
    expect(asked.length).toBeGreaterThan(serverVerbs.length * 3);
    await expect.poll(logged, { timeout: 30_000 }).toEqual(expect.arrayContaining(asked.toSorted()));
    expect(await logged()).toEqual(asked.toSorted());
  });
});
