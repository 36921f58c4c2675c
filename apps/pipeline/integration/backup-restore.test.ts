import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rowCells, selectColumns, takeRows } from '@slipway/contracts';
import { createTestDatabase, findPostgresServer, type PostgresServer } from '@slipway/database/testing';
import type { DeployOutcome, Lineage } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createCliProject, patient, runCommand, type CliProject } from './cli-project.ts';
import { createMlflowPlace, runPage, type MlflowPlace } from './saved-servers.ts';
import { startServingApp } from './serving-app.ts';
import { day, readBikes } from './test-deployment.ts';

const load = ['features', 'load', 'bike_hours', '--file', 'apps/pipeline/data/bike-hours.csv'];
const spring = ['--from', '2011-03-01', '--to', '2011-05-01'];
const cleanups: (() => Promise<void>)[] = [];

let server: PostgresServer;
let folder: string;
let project: CliProject;
/** What stood before: after the first deployment, and after the second. */
const before: Record<'one' | 'two', { lineage: Lineage; answers: unknown }> = {} as never;

/** The two servers as commands meet them. */
interface Place {
  readonly json: <T>(args: readonly string[], code?: number) => Promise<T>;
  readonly answers: () => Promise<unknown>;
}

function placeOf(variables: Readonly<Record<string, string>>): Place {
  const all = { ...patient, USER: 'ada', GIT_COMMIT: 'f'.repeat(40), ...variables };
  return {
    async json<T>(args: readonly string[], code = 0): Promise<T> {
      const result = await runCommand(project.folder, all, [...args, '--json']);
      expect(result.code, result.stderr).toBe(code);
      return JSON.parse(result.stdout) as T;
    },
    answers: () => askServingApp(variables),
  };
}

/** Predictions of a serving app that starts with nothing cached, and the version that made them. */
async function askServingApp(variables: Readonly<Record<string, string>>): Promise<unknown> {
  const cache = await mkdtemp(join(folder, 'serving-'));
  const app = await startServingApp({
    ...patient,
    ...variables,
    SLIPWAY_MODELS: 'bike-demand',
    SLIPWAY_CACHE_DIR: cache,
  });
  try {
    const days = { from: day('2011-05-01'), to: day('2011-05-02') };
    const rows = selectColumns(takeRows(await readBikes(days), [3, 9, 18]), bikeDemand.features);
    const records = [0, 1, 2].map((row) => rowCells(rows, row));
    const response = await fetch(`${app.url}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dataframe_records: records }),
    });
    expect(response.status, app.log()).toBe(200);
    const { predictions } = (await response.json()) as { predictions: unknown };
    return { predictions, version: response.headers.get('x-slipway-model-version') };
  } finally {
    expect(await app.stop()).toBe(0);
  }
}

beforeAll(async () => {
  server = await findPostgresServer(process.env['DATABASE_URL']);
  folder = await mkdtemp(join(tmpdir(), 'slipway-backup-'));
  const mlflow = await createMlflowPlace(server);
  cleanups.push(() => mlflow.remove());
  const { url } = await mlflow.start();
  project = await createCliProject({ MLFLOW_TRACKING_URI: url }, { server: server.url });
  cleanups.push(() => project.remove());
  await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 100', 'nEstimators: 10');
  const place = placeOf({ DATABASE_URL: project.url, MLFLOW_TRACKING_URI: url });
  const stand = async (name: 'one' | 'two'): Promise<void> => {
    const lineage = await place.json<Lineage>(['explain', 'bike-demand@production']);
    before[name] = { lineage, answers: await place.answers() };
    expect(before[name].answers).toMatchObject({ version: lineage.version });
    const backup = join(folder, name);
    // The second goes into a folder that has a first.
    if (name === 'two') await cp(join(folder, 'one'), backup, { recursive: true });
    await runPage('# Backup', { server, slipway: project.url, mlflow, backup });
  };
  await place.json([...load, '--to', '2011-03-01']);
  expect(await place.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'promoted', version: '1' });
  await stand('one');
  await place.json([...load, ...spring]);
  expect(await place.json(['retrain', 'bike-demand'])).toMatchObject({ outcome: 'promoted', version: '2' });
  await stand('two');
}, 600_000);

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  await rm(folder, { recursive: true, force: true });
});

type Copy = 'one' | 'two';

/** MLflow on a restored store; those who only read it share it. */
const started = new Map<Copy, string>();

/** Restores the halves of two backups into fresh databases and a fresh folder, with MLflow on it. */
async function restore({ slipway, mlflow }: { slipway: Copy; mlflow: Copy }): Promise<Place> {
  const backup = await mkdtemp(join(folder, 'mixed-'));
  await cp(join(folder, slipway, 'slipway.dump'), join(backup, 'slipway.dump'));
  for (const part of ['mlflow.dump', 'artifacts'])
    await cp(join(folder, mlflow, part), join(backup, part), { recursive: true });
  const database = await createTestDatabase({ server: server.url });
  cleanups.push(() => database.drop());
  const place: MlflowPlace = await createMlflowPlace(server);
  cleanups.push(() => place.remove());
  await runPage('# Restore', { server, slipway: database.url, mlflow: place, backup });
  const url = started.get(mlflow) ?? (await place.start()).url;
  started.set(mlflow, url);
  return placeOf({ DATABASE_URL: database.url, MLFLOW_TRACKING_URI: url });
}

const swept = (lineage: Lineage): unknown => ({
  ...lineage,
  datasets: Object.fromEntries(
    Object.entries(lineage.datasets).map(([kind, { digest }]) => [kind, { digest, ref: null }]),
  ),
});

describe('restored with the commands of the page', () => {
  it('lineage, plan and predictions are what they were', async () => {
    const place = await restore({ slipway: 'two', mlflow: 'two' });
    expect(await place.json(['explain', 'bike-demand@production'])).toEqual(before.two.lineage);
    expect(await place.json(['explain', 'bike-demand@1'])).toMatchObject({ version: '1' });
    expect(await place.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing' });
    expect(await place.answers()).toEqual(before.two.answers);
  });

  it('MLflow older by a deployment: the former version serves, and a retraining makes the lost one again', async () => {
    const place = await restore({ slipway: 'two', mlflow: 'one' });
    const lineage = await place.json<Lineage>(['explain', 'bike-demand@production']);
    expect(lineage).toEqual(before.one.lineage);
    expect(await place.answers()).toEqual(before.one.answers);
    expect(await place.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing' });
    expect(await place.json(['retrain', 'bike-demand'])).toMatchObject({ outcome: 'promoted', version: '2' });
    const { artifactDigest, datasets } = await place.json<Lineage>(['explain', 'bike-demand@production']);
    expect({ artifactDigest, datasets }).toEqual({
      artifactDigest: before.two.lineage.artifactDigest,
      datasets: before.two.lineage.datasets,
    });
    expect(await place.answers()).toEqual(before.two.answers);
  });

  it('Postgres older by a deployment: the version serves, its tables are missing', async () => {
    const place = await restore({ slipway: 'one', mlflow: 'two' });
    expect(await place.json(['explain', 'bike-demand@production'])).toEqual(swept(before.two.lineage));
    expect(await place.answers()).toEqual(before.two.answers);
    expect(await place.json<DeployOutcome>(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing' });
    // At load 2, which a changed configuration would be trained at, there would be the rows of load 1.
    await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 10', 'nEstimators: 11');
    const { outcome, reasons } = await place.json<DeployOutcome>(['deploy', 'bike-demand'], 3);
    expect({ outcome, reasons }).toEqual({
      outcome: 'waiting',
      reasons: [expect.stringContaining('is at load 1, the model at load 2')],
    });
    await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 11', 'nEstimators: 10');
    // The same rows again are the same load, so nothing is new; the next deployment makes tables again.
    expect(await place.json([...load, ...spring])).toMatchObject({ outcome: 'loaded', load: 2 });
    expect(await place.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing', watermark: 2 });
    expect(await place.json(['retrain', 'bike-demand'])).toMatchObject({ outcome: 'nothing', watermark: 2 });
  });
});
