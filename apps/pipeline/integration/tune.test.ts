import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lineage, TuneOutcome } from '@slipway/deployment';
import {
  mlflowCacheFolder,
  startMlflowServer,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';
import { documentedBlock } from './documented-commands.ts';

const file = join('apps', 'pipeline', 'data', 'bike-hours.csv');
const model = 'apps/pipeline/models/bike-demand.ts';

interface FoundRun {
  readonly info: { readonly status: string; readonly run_name: string };
  readonly data: {
    readonly metrics: readonly { readonly key: string; readonly value: number }[];
    readonly params: readonly { readonly key: string; readonly value: string }[];
  };
}

/** A deployed project whose starting configuration a search can improve. */
async function deployedProject(environment: Readonly<Record<string, string>> = {}): Promise<CliProject> {
  const project = await createCliProject(environment);
  await project.edit(model, 'nEstimators: 100', 'nEstimators: 10, maxDepth: 5');
  await project.edit(model, 'threshold: 60', 'threshold: 200');
  await project.json(['features', 'load', 'bike_hours', '--file', file, '--to', '2011-03-01']);
  await project.json(['deploy', 'bike-demand']);
  return project;
}

describe('slipway tune, on MLflow, as a user who may not read the test table', () => {
  const role = `tuner_${randomBytes(4).toString('hex')}`;
  let server: MlflowTestServer;
  let project: CliProject;
  let lineage: Lineage;
  let asTuner: Readonly<Record<string, string>>;

  beforeAll(async () => {
    server = await startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(process.env) });
    project = await deployedProject({ MLFLOW_TRACKING_URI: server.url });
    lineage = await project.json<Lineage>(['explain', 'bike-demand@production']);
    const { database } = project;
    await database.execute(`CREATE ROLE ${role} LOGIN PASSWORD 'pass'`);
    const schemas = await database.query<{ name: string }>(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
    );
    for (const { name } of schemas)
      await database.execute(
        `GRANT USAGE ON SCHEMA ${name} TO ${role}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA ${name} TO ${role}`,
      );
    for (const { ref } of [lineage.datasets.test, lineage.datasets.predictions])
      await database.execute(`REVOKE ALL ON training."${ref!.table}" FROM ${role}`);
    const url = new URL(project.url);
    [url.username, url.password] = [role, 'pass'];
    asTuner = { DATABASE_URL: url.href };
  }, 600_000);
  afterAll(async () => {
    await project.database.execute(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await project.remove();
    await server.stop();
  });

  const search = async (filter: string, experimentId: string): Promise<FoundRun[]> => {
    const response = await fetch(`${server.url}/api/2.0/mlflow/runs/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experiment_ids: [experimentId], filter, max_results: 100 }),
    });
    return ((await response.json()) as { runs?: FoundRun[] }).runs ?? [];
  };
  const valueOf = ({ data }: FoundRun, key: string): number | undefined =>
    data.metrics.find((metric) => metric.key === key)?.value;

  it('cannot read it', async () => {
    const target = join(project.folder, 'rows.csv');
    const { digest } = lineage.datasets.test.ref!;
    const refused = await project.json<{ code: string }>(
      ['datasets', 'export', digest, '--file', target],
      6,
      asTuner,
    );
    expect(refused.code).toBe('database_permission');
  });

  it('writes 20 nested runs and improves, or says that it could not', async () => {
    const found = await project.json<TuneOutcome>(['tune', 'bike-demand', '--trials', '20'], 0, asTuner);
    expect(found).toMatchObject({
      improved: true,
      metric: 'rmse',
      trainDigest: lineage.datasets.train.ref!.digest,
    });
    expect(found.trials).toHaveLength(20);
    const nested = await search(`tags.\`mlflow.parentRunId\` = '${found.runId}'`, found.experimentId);
    expect(nested).toHaveLength(20);
    expect(nested.every(({ info }) => info.status === 'FINISHED')).toBe(true);
    const scores = new Map(nested.map((run) => [run.info.run_name, valueOf(run, 'cv.rmse')]));
    for (const { number, result } of found.trials)
      expect(scores.get(number === 0 ? 'start' : `trial ${number}`)).toBe(result!.mean);
    expect(found.best.result!.mean).toBe(Math.min(...(scores.values() as Iterable<number>)));
    expect(found.best.result!.mean).toBeLessThan(found.start.result!.mean);

    const [parent] = await search(`attributes.run_id = '${found.runId}'`, found.experimentId);
    expect(parent!.info.status).toBe('FINISHED');
    expect(valueOf(parent!, 'cv.rmse')).toBe(found.best.result!.mean);
    expect(parent!.data.params).toContainEqual({ key: 'best.trial', value: String(found.best.number) });
    const page = await fetch(
      `${server.url}/get-artifact?run_uuid=${found.runId}&path=${encodeURIComponent('reports/tuning.html')}`,
    );
    expect(await page.text()).toBe(await project.read(found.report));
  });

  it('finds the same again, and nothing was deployed', async () => {
    const shorter = (): Promise<TuneOutcome> =>
      project.json<TuneOutcome>(['tune', 'bike-demand', '--trials', '4', '--seed', '7'], 0, asTuner);
    const [one, two] = [await shorter(), await shorter()];
    expect(one.trials).toEqual(two.trials);
    expect(await project.json(['plan', 'bike-demand'])).toMatchObject({ action: 'nothing' });
  });
});

describe('slipway tune and try, with the registry in the database', () => {
  let project: CliProject;
  beforeAll(async () => {
    project = await deployedProject();
  });
  afterAll(() => project.remove());

  it('print every trial, the verdict, and parts that score the same when they are pasted', async () => {
    const space = {
      'estimator.params.maxDepth': [2, 14],
      features: [['hour', 'weekday', 'workingday']],
      preprocessing: [[]],
    };
    await project.write('space.json', JSON.stringify(space));
    const search = ['tune', 'bike-demand', '--strategy', 'grid', '--space', 'space.json'];
    const { code, stdout, stderr } = await project.run(...search);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => /^ +\d\/3 .* ± /.test(line))).toHaveLength(3);
    const best = /trial 2 improves rmse from [\d.]+ to ([\d.]+), in 3 of 3 folds/.exec(stdout)![1];
    const snippet = lines.filter((line) => /^ {4}\S/.test(line) && !/^ {4}trial/.test(line)).join('\n');

    const written = await project.read(model);
    const parts = /features: \[[^]*?\],|preprocessing: \[[^]*?\n {2}\],|estimator: .*,/g;
    expect(written.match(parts)).toHaveLength(3);
    await project.write(model, written.replaceAll(parts, '').replace('split:', `${snippet}\n  split:`));
    const pasted = await project.json<TuneOutcome>(['try', 'bike-demand', '--set', 'targetTransform=none']);
    expect(String(Number(pasted.start.result!.mean.toPrecision(4)))).toBe(best);
    expect(pasted).toMatchObject({ improved: false, best: { number: 0 } });
    await project.write(model, written);
  });

  it('say what a split does, and let it improve nothing', async () => {
    const split = 'split={"kind":"time","testShare":0.2}';
    const { code, stdout } = await project.run('try', 'bike-demand', '--set', split);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /rmse is [\d.]+ with the split as it is; under another it says what the split does/,
    );
  });

  it('and the script of docs/exploration.md sees the same rows', async () => {
    const script = await documentedBlock('exploration.md', { language: 'ts', begins: 'import' });
    await project.write('explore.ts', script);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@slipway/source', join(project.folder, 'explore.ts')],
      { env: { DATABASE_URL: project.url } },
    );
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^\d+ rows of training\.bike_hours_train_[0-9a-f]+$/);
    expect(
      lines.filter((line) => /^ {2}(without \w+|all features) +rmse +[\d.]+ +-?[\d.]+ worse$/.test(line)),
    ).toHaveLength(8);
    // What matters most for an hour's rentals is the hour.
    expect(lines.at(-1)).toMatch(/without hour/);
  });

  it('keep a run of their own in the registry, nested, with what failed', async () => {
    // Fits, and leaves weather as text behind.
    const failing = ['try', 'bike-demand', '--set', 'preprocessing.1=null'];
    const { runId, improved, trials } = await project.json<TuneOutcome>(failing, 3);
    expect(improved).toBe(false);
    expect(trials[1]!.failure!.message).toContain('weather');
    const runs = await project.database.query(
      `SELECT run_name AS name, status FROM registry.run WHERE tags ->> 'mlflow.parentRunId' = $1 ORDER BY run_name`,
      [runId],
    );
    expect(runs).toEqual([
      { name: 'start', status: 'FINISHED' },
      { name: 'trial 1', status: 'FAILED' },
    ]);
  });

  it('take nothing from a test set to come: a changed split is deployed first', async () => {
    const written = await project.read(model);
    await project.edit(model, 'testShare: 0.3, seed: 2', 'testShare: 0.3, seed: 3');
    const { code, stderr } = await project.run('tune', 'bike-demand');
    await project.write(model, written);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^not_deployable: .* split in another way. Deploy the configuration first/);
  });

  it('end their run as killed when they are interrupted, and the trials that were made stay', async () => {
    const [launcher, args] = [join(project.folder, 'node_modules/.bin/slipway'), ['tune', 'bike-demand']];
    const env = { PATH: '', DATABASE_URL: project.url, USER: 'ada' };
    const child = spawn(process.execPath, [launcher, ...args, '--trials', '500', '--seed', '3'], {
      cwd: project.folder,
      env,
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = once(child, 'close');
    const runsOf = (kind: string): Promise<readonly { status: string }[]> =>
      project.database.query(
        `SELECT status FROM registry.run WHERE tags ->> 'slipway.kind' = $1 ORDER BY sequence DESC`,
        [kind],
      );
    const before = (await runsOf('trial')).length;
    const made = async (): Promise<number> => {
      const ending = { code: child.exitCode, text };
      expect(ending).toMatchObject({ code: null });
      return (await runsOf('trial')).length - before;
    };
    await expect.poll(made, { timeout: 60_000, interval: 50 }).toBeGreaterThan(3);
    child.kill('SIGINT');
    expect(await ended).toEqual([1, null]);
    expect(text).toMatch(/^aborted: /);
    expect((await runsOf('tuning'))[0]).toEqual({ status: 'KILLED' });
    expect((await runsOf('trial')).every(({ status }) => status !== 'RUNNING')).toBe(true);
  });

  it('reads nothing that was built, in its threads either: a clone need not be', async () => {
    // Runs in every thread of the program.
    const refusesBuilt = `import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => {
        if (/\\/(packages|apps)\\/[^/]+\\/dist\\//.test(url)) throw new Error('built: ' + url);
        return next(url, context);
      } });`;
    const hooks = `data:text/javascript,${encodeURIComponent(refusesBuilt)}`;
    const launcher = join(project.folder, 'node_modules/.bin/slipway');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', hooks, launcher, 'tune', 'bike-demand', '--trials', '3'],
      { cwd: project.folder, env: { PATH: '', DATABASE_URL: project.url, USER: 'ada' } },
    );
    expect(stdout).toMatch(/3\/3 {2}trial \d/);
  });

  it.each([
    [['tune', 'bike-demand', '--trials', '1'], 2, /--trials .* at least 2/],
    [['tune', 'bike-demand', '--folds', '1'], 2, /cannot be divided into 1 folds: expected 2 to \d+/],
    [['tune', 'bike-demand', '--strategy', 'x'], 2, /random, grid, halving/],
    [
      ['tune', 'bike-demand', '--space', 'missing.json'],
      2,
      /file_not_found: The search space .*missing.json could not be read/,
    ],
    [['tune', 'diamond-price'], 2, /family linear has no parameter .* Give a space of your own/],
    [
      ['try', 'diamond-price', '--set', 'targetTransform=none'],
      2,
      /never deployed .* slipway deploy diamond-price/,
    ],
    [['try', 'bike-demand'], 2, /No change was given/],
    [
      ['try', 'bike-demand', '--set', 'estimator.params.maxDepth=-1'],
      2,
      /"estimator.params.maxDepth": too small/,
    ],
    [['try', 'bike-demand', '--set', 'features=["rentals"]'], 2, /target "rentals" is among the features/],
    [['try', 'bike-demand', '--set', 'maxDepth=12'], 2, /"maxDepth" is not a key here/],
    [['tune', 'bike-demand', '--strategy', 'grid', '--trials', '4'], 2, /does not take --trials/],
    [
      ['try', 'bike-demand', '--set', 'estimater.x=1'],
      2,
      /nothing there: expected a path that begins with features/,
    ],
  ] as const)('refuse %j', async (args, code, message) => {
    const refused = await project.run(...args);
    expect(refused.code).toBe(code);
    expect(refused.stderr).toMatch(message);
  });
});
