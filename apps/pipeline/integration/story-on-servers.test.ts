import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { createMlflowClient } from '@slipway/registry-client';
import {
  mlflowCacheFolder,
  startMlflowServer,
  type MlflowMajor,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { findPostgresServer } from '@slipway/database/testing';
import type { Lineage } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';
import { lineageFromPython } from './lineage-from-python.ts';
import { readWithPython, type PythonReading } from './read-with-python.ts';

interface Pair {
  readonly postgres: string;
  readonly mlflow: MlflowMajor;
  /** How often the demo runs: twice on one pair shows that a second does not meet the first. */
  readonly demos: 1 | 2;
  /** URL of the Postgres; undefined for the embedded one. */
  server(): Promise<string | undefined>;
}

const pairs: readonly Pair[] = [
  {
    postgres: 'a Postgres outside our hands, the oldest we support where there is a choice',
    mlflow: '3',
    demos: 2,
    server: async () => (await findPostgresServer(process.env['DATABASE_URL'])).url,
  },
  { postgres: 'the newest Postgres to be had', mlflow: '2', demos: 1, server: async () => undefined },
];
const commit = 'f'.repeat(40);

/** What a person may have in `.slipway/`: an embedded database, predictions that wait for it, a drift report. */
const theirFiles = [
  'postgres/PG_VERSION',
  'serving/predictions/wal-1.ndjson',
  'reports/bike-demand-version-1-drift.html',
  'reports/bike-demand-development-version-1-drift.html',
];

describe.each(pairs)('the story on MLflow $mlflow and $postgres', ({ mlflow: major, demos, server }) => {
  let mlflow: MlflowTestServer;
  let project: CliProject;
  let before: { rows: Map<string, Set<string>>; mlflow: PythonReading; files: Map<string, string> };
  /** Suffixes of the runs. */
  const suffixes: string[] = [];

  /** Everything in MLflow but what demos made. */
  const readOthers = (): Promise<PythonReading> =>
    readWithPython({ major, url: mlflow.url }, '^(?!.*-demo-)');

  beforeAll(async () => {
    mlflow = await startMlflowServer({ major, cacheFolder: mlflowCacheFolder(process.env) });
    project = await createCliProject({ MLFLOW_TRACKING_URI: mlflow.url }, { server: await server() });
    const [found] = await project.database.query<{ version: string }>('SELECT version() AS version');
    console.log(`${found?.version.split(' on ')[0]}, MLflow ${mlflow.version}`);
    await project.json([
      'features',
      'load',
      'bike_hours',
      '--file',
      'apps/pipeline/data/bike-hours.csv',
      '--to',
      '2011-07-01',
    ]);
    await project.json(['deploy', 'bike-demand']);
    const theirs = createMlflowClient({ trackingUri: mlflow.url });
    const { experimentId } = await theirs.ensureExperiment('theirs');
    await theirs.createRun({ experimentId, runName: 'tuning', startTime: 1_000 });
    for (const file of theirFiles) await writeStateFile(project, file, 'theirs');
    before = {
      rows: await readRows(project),
      mlflow: await readOthers(),
      files: await readStateFiles(project),
    };
  }, 600_000);
  afterAll(async () => {
    await project.remove();
    await mlflow.stop();
  });

  it(`ends with 0, ${demos === 1 ? 'once' : 'twice'}, in less than 120 seconds`, async () => {
    for (let run = 1; run <= demos; run += 1) {
      const begin = performance.now();
      const { code, stdout, stderr } = await project.run('demo');
      const seconds = (performance.now() - begin) / 1000;
      expect({ run, code, stderr }).toEqual({ run, code: 0, stderr: '' });
      expect(seconds).toBeLessThan(120);
      const [, suffix = ''] = /environment demo-([0-9a-f]{6}):/.exec(stdout) ?? [];
      suffixes.push(suffix);
      expect(stdout).toContain(`version 2 of bike-demand-demo-${suffix} serves as production`);
      expect(stdout).toContain(`in MLflow: ${mlflow.url}/#/models/bike-demand-demo-${suffix}`);
    }
    expect(new Set(suffixes).size).toBe(demos);
  }, 300_000);

  it('says to Python what it says to people, field by field', async () => {
    for (const suffix of suffixes) {
      const name = `bike-demand-demo-${suffix}`;
      const reading = await readWithPython({ major, url: mlflow.url }, `^${name}$`);
      expect(reading.models[0]).toMatchObject({ name, aliases: { production: '1', previous: '2' } });
      for (const version of ['1', '2']) {
        const explained = await explain(project, suffix, version);
        expect(lineageFromPython(reading, version)).toEqual(explained);
        expect(explained).toMatchObject({ gitCommit: commit, by: 'ada' });
      }
      expectRunsToBeWhole(reading, major);
    }
  });

  it('keeps the tables in features and training', async () => {
    const tables = await project.database.query<{ name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname IN ('features', 'training')`,
    );
    const names = new Set(tables.map(({ name }) => name));
    for (const suffix of suffixes) {
      expect(names).toContain(`features.bike_hours_demo_${suffix}`);
      const { datasets } = await explain(project, suffix, '2');
      for (const { ref } of Object.values(datasets)) {
        expect(names).toContain(`${ref?.schema}.${ref?.table}`);
        const [stored] = await project.database.query(
          `SELECT count(*)::int AS rows FROM "${ref?.schema}"."${ref?.table}"`,
        );
        expect(stored).toEqual({ rows: ref?.rowCount });
      }
    }
  });

  it('touches nothing that was there before', async () => {
    const after = await readRows(project);
    for (const [table, rows] of before.rows) {
      const kept = after.get(table) ?? new Set();
      const lost = [...rows].filter((row) => !kept.has(row));
      expect({ table, lost: lost.slice(0, 3) }).toEqual({ table, lost: [] });
    }
    expect(await readOthers()).toEqual(before.mlflow);
  });

  it('leaves what lies in .slipway/ as it is, and adds reports', async () => {
    const after = await readStateFiles(project);
    expect([...after].filter(([file]) => before.files.has(file))).toEqual([...before.files]);
    const added = [...after.keys()].filter((file) => !before.files.has(file));
    expect(added.filter((file) => file.startsWith('reports/'))).toHaveLength(3 * demos);
    expect(added.filter((file) => !file.startsWith('reports/'))).toEqual(['logs/serving.log']);
  });
});

function explain(project: CliProject, suffix: string, version: string): Promise<Lineage> {
  return project.json<Lineage>(['explain', `bike-demand@${version}`], 0, { SLIPWAY_ENV: `demo-${suffix}` });
}

/** What `explain` does not say, and MLflow's pages show. */
function expectRunsToBeWhole({ experiments, models }: PythonReading, major: MlflowMajor): void {
  const [experiment] = experiments;
  expect(experiment?.tags).toMatchObject({
    'mlflow.experimentKind': 'custom_model_development',
    'mlflow.experiment.primaryMetric.name': 'test.rmse',
    'mlflow.experiment.primaryMetric.greaterIsBetter': 'False',
  });
  expect(experiment?.runs).toHaveLength(2);
  for (const run of experiment?.runs ?? []) {
    const version = models[0]?.versions.find(({ run_id: id }) => id === run.id);
    expect(run).toMatchObject({ status: 'FINISHED', params: { 'estimator.seed': '42', 'split.by': 'date' } });
    expect(run.tags['mlflow.note.content']).toBe(version?.description);
    expect(run.artifacts).toEqual(expect.arrayContaining(['configuration.json', 'reports', 'verdict.json']));
    if (major === '2') continue;
    const model = experiment?.loggedModels.find(({ runId }) => runId === run.id);
    expect(model).toMatchObject({ status: 'READY', datasets: ['bike-demand.test'] });
    expect(run.metrics).toMatchObject(model?.metrics ?? {});
    expect(model?.metrics).toHaveProperty(['test.rmse']);
    expect(version?.source).toBe(`models:/${model?.id}`);
  }
}

async function writeStateFile({ folder }: CliProject, file: string, content: string): Promise<void> {
  const path = join(folder, '.slipway', file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** Every file of `.slipway/` with its content, by path in it. */
async function readStateFiles({ folder }: CliProject): Promise<Map<string, string>> {
  const state = join(folder, '.slipway');
  const entries = await readdir(state, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const read = paths
    .sort()
    .map(async (path) => [relative(state, path), await readFile(path, 'utf8')] as const);
  return new Map(await Promise.all(read));
}

/** Every row of every table of ours as text, but leases and the times at which things were seen. */
async function readRows({ database }: CliProject): Promise<Map<string, Set<string>>> {
  const tables = await database.query<{ schema: string; table: string }>(
    `SELECT schemaname AS schema, tablename AS table FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema', 'slipway_leases')`,
  );
  const read = new Map<string, Set<string>>();
  for (const { schema, table } of tables) {
    const rows = await database.query<{ row: string }>(
      // When content was last asked for, and what else gave the same, is news of it, not its content.
      `SELECT (to_jsonb(stored) - '{asked_at,origins}'::text[])::text AS row FROM "${schema}"."${table}" AS stored`,
    );
    read.set(`${schema}.${table}`, new Set(rows.map(({ row }) => row)));
  }
  const origins = await database.query<{ row: string }>(
    `SELECT concat_ws(' from ', stored.table_name, origin) AS row
     FROM training.dataset AS stored, jsonb_array_elements(stored.origins) AS origin`,
  );
  read.set('origins in training.dataset', new Set(origins.map(({ row }) => row)));
  return read;
}
