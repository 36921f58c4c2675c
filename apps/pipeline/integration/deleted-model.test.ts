import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  mlflowCacheFolder,
  startMlflowServer,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';
import { startServingApp, type ServingApp } from './serving-app.ts';

const name = 'bike-demand-development';
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

let mlflow: MlflowTestServer;
let project: CliProject;
let folder: string;
let serving: ServingApp;

beforeAll(async () => {
  mlflow = await startMlflowServer({ major: '3', cacheFolder: mlflowCacheFolder(process.env) });
  project = await createCliProject({ MLFLOW_TRACKING_URI: mlflow.url });
  folder = await mkdtemp(join(tmpdir(), 'slipway-deleted-'));
  await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 100', 'nEstimators: 5');
  const file = ['--file', 'apps/pipeline/data/bike-hours.csv', '--to', '2011-03-01'];
  await project.json(['features', 'load', 'bike_hours', ...file]);
}, 120_000);
afterAll(async () => {
  await serving.stop();
  await Promise.all([mlflow.stop(), project.remove(), rm(folder, { recursive: true, force: true })]);
});

interface Deployed {
  readonly version: string;
  readonly runId: string;
}

const deploy = (): Promise<Deployed> => project.json<Deployed>(['deploy', 'bike-demand']);
const events = (): Record<string, unknown>[] =>
  serving
    .log()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const eventsOf = (kind: string): Record<string, unknown>[] => events().filter(({ event }) => event === kind);

async function predict(): Promise<unknown> {
  const response = await fetch(`${serving.url}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ dataframe_records: [row] }),
  });
  return response.json();
}

async function deleteModel(): Promise<void> {
  const response = await fetch(`${mlflow.url}/api/2.0/mlflow/registered-models/delete`, {
    method: 'DELETE',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  });
  expect(response.status).toBe(200);
}

it('a model that was deleted in MLflow and deployed again as version 1 is what serves', async () => {
  const first = await deploy();
  serving = await startServingApp({
    DATABASE_URL: project.url,
    MLFLOW_TRACKING_URI: mlflow.url,
    SLIPWAY_MODELS: 'bike-demand',
    SLIPWAY_CACHE_DIR: folder,
  });
  const before = await predict();
  await deleteModel();
  await vi.waitFor(() => expect(eventsOf('unset')).toHaveLength(1), { timeout: 30_000 });
  expect(await predict()).toEqual(before);

  await project.edit('apps/pipeline/models/bike-demand.ts', 'nEstimators: 5', 'nEstimators: 6');
  const second = await deploy();
  expect([first.version, second.version]).toEqual(['1', '1']);
  await vi.waitFor(
    () => expect(eventsOf('swapped').at(-1)).toMatchObject({ from: '1', to: '1', run: second.runId }),
    { timeout: 30_000 },
  );
  expect(await predict()).not.toEqual(before);
  expect(eventsOf('unset')).toEqual([{ event: 'unset', model: name, alias: 'production', serving: '1' }]);
}, 120_000);
