import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  batchFromRows,
  rowCells,
  selectColumns,
  takeRows,
  type CellValue,
  type ColumnBatch,
} from '@slipway/contracts';
import {
  deployModel,
  promoteVersion,
  readRegisteredModel,
  retrainModel,
  rollBackModel,
} from '@slipway/deployment';
import { predictModel, type FittedModel } from '@slipway/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createTestDeployment, halfYear, readBikes, summer, type TestDeployment } from './test-deployment.ts';

const launcher = fileURLToPath(new URL('../../serving/bin/slipway-serving.js', import.meta.url));
const name = 'bike-demand-development';

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
  readonly ended: Promise<number | null>;
}

let deployment: TestDeployment;
let cache: string;
let server: Server;
let rows: ColumnBatch;
const models = new Map<string, FittedModel>();

beforeAll(async () => {
  deployment = await createTestDeployment();
  cache = await mkdtemp(join(tmpdir(), 'slipway-serving-'));
  await deployment.loadBikes(halfYear);
  await deployModel(deployment.context, bikeDemand);
  await deployment.loadBikes(summer);
  await retrainModel(deployment.context, bikeDemand);
  const { registry } = deployment.context;
  for (const version of ['1', '2']) {
    models.set(version, await readRegisteredModel(registry, await registry.getModelVersion(name, version)));
  }
  rows = takeRows(
    await readBikes(summer),
    Array.from({ length: 200 }, (_, row) => row * 7),
  );
  server = await startServer();
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.ended;
  await deployment.remove();
  await rm(cache, { recursive: true, force: true });
});

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [launcher], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      DATABASE_URL: deployment.url,
      SLIPWAY_MODELS: 'bike-demand',
      SLIPWAY_CACHE_DIR: cache,
      HOST: '127.0.0.1',
      PORT: '0',
      ADMIN_PORT: '0',
      POLL_MS: '60000',
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await new Promise<string>((resolve) =>
    createInterface({ input: child.stdout! }).once('line', resolve),
  );
  const { listening, admin } = JSON.parse(line) as { listening: number; admin: number };
  return { child, ended, url: `http://127.0.0.1:${listening}`, adminUrl: `http://127.0.0.1:${admin}` };
}

const features = (row: number): Record<string, unknown> =>
  rowCells(selectColumns(rows, bikeDemand.features), row);

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  return fetch(`${server.url}${path}`, { ...options, body: JSON.stringify(body) });
}

/** The prediction of a version for a row, computed here. */
function recompute(version: string, row: number): number {
  return predictModel(models.get(version)!, selectColumns(takeRows(rows, [row]), bikeDemand.features))[0]!;
}

describe('the serving app', () => {
  it('answers both protocols with the prediction of the version it names', async () => {
    const invocations = await post('/invocations', { dataframe_records: [features(0), features(1)] });
    expect(invocations.headers.get('x-slipway-model-version')).toBe('2');
    expect(await invocations.json()).toEqual({ predictions: [recompute('2', 0), recompute('2', 1)] });
    const tensors = Object.entries(features(0)).map(([column, value]) => ({
      name: column,
      shape: [1, 1],
      datatype: typeof value === 'string' ? 'BYTES' : typeof value === 'boolean' ? 'BOOL' : 'FP64',
      data: [value],
    }));
    const infer = await post('/v2/models/bike-demand/infer', { id: 'one', inputs: tensors });
    expect(await infer.json()).toEqual({
      id: 'one',
      model_name: 'bike-demand',
      model_version: '2',
      outputs: [{ name: 'rentals', datatype: 'FP64', shape: [1], data: [recompute('2', 0)] }],
    });
    for (const path of [
      '/ping',
      '/health',
      '/version',
      '/v2',
      '/v2/health/ready',
      '/v2/models/bike-demand',
    ]) {
      expect((await fetch(server.url + path)).status).toBe(200);
    }
  });

  it.each([
    ['a body that is no JSON', '{', 400],
    ['no rows', { dataframe_records: [] }, 400],
    ['another model', { model: 'diamond-price', dataframe_records: [{}] }, 404],
    ['a missing column', { dataframe_records: [{ hour: 1 }] }, 400],
    ['both forms of rows', { dataframe_records: [{}], dataframe_split: { columns: [], data: [] } }, 400],
  ])('refuses %s', async (_, body, status) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${server.url}/invocations`, { method: 'POST', headers, body: text });
    expect(response.status).toBe(status);
    expect(await response.json()).toHaveProperty('message');
  });

  it('names column and row of a value of the wrong type or a missing one, and never shows the value', async () => {
    for (const wrong of [
      { temperature: 'very hot' },
      { holiday: 'locusts' },
      { weather: null },
      { hour: null },
      { humidity: [1] },
    ]) {
      const response = await post('/invocations', {
        dataframe_records: [features(0), { ...features(1), ...wrong }],
      });
      expect(response.status).toBe(400);
      const text = await response.text();
      const [column] = Object.keys(wrong);
      expect(JSON.parse(text)).toMatchObject({ details: { column, row: 1 } });
      expect(text).not.toMatch(/very hot|4711/);
    }
  });

  it('answers for a sensor that failed and weather that was never seen, as the configuration says', async () => {
    const records = [
      { ...features(0), temperature: null, wind: null },
      { ...features(0), weather: 'hail' },
    ];
    const response = await post('/invocations', { dataframe_records: records });
    expect(response.status).toBe(200);
    const fitted = models.get('2')!;
    const batch = batchFromRows(records as Record<string, CellValue>[], fitted.signature.inputs);
    expect(await response.json()).toEqual({ predictions: [...predictModel(fitted, batch)] });
  });

  it('takes the entity key of the feature table, and no other', async () => {
    const ask = async (key: object): Promise<number> => {
      const params = { entity_key: [key], event_time: ['2011-07-01T06:00:00'] };
      return (await post('/invocations', { dataframe_records: [features(0)], params })).status;
    };
    expect(await ask({ system: 'capital-bikeshare' })).toBe(200);
    expect(await ask({ station: 7 })).toBe(400);
  });

  it('fails no request while production moves ten times, and each answer is of the version it names', async () => {
    let moving = true;
    const seen = new Set<string>();
    let answered = 0;
    const client = async (offset: number): Promise<void> => {
      for (let turn = 0; moving; turn += 1) {
        const row = (offset * 31 + turn) % rows.rowCount;
        const response = await post('/invocations', { dataframe_records: [features(row)] });
        expect(response.status).toBe(200);
        const version = response.headers.get('x-slipway-model-version')!;
        expect(await response.json()).toEqual({ predictions: [recompute(version, row)] });
        seen.add(version);
        answered += 1;
      }
    };
    const clients = [1, 2, 3, 4].map(client);
    const { context } = deployment;
    for (let turn = 0; turn < 5; turn += 1) {
      await rollBackModel(context, bikeDemand, { reason: 'test' });
      await expectServed('1');
      await promoteVersion(context, bikeDemand, { version: '2', reason: 'test' });
      await expectServed('2');
    }
    moving = false;
    await Promise.all(clients);
    expect([...seen].sort()).toEqual(['1', '2']);
    expect(answered).toBeGreaterThan(50);
  });

  it('loses no answered row when it is killed, and logs each once', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `killed-${index}`);
    await Promise.all(
      ids.map((id, row) =>
        post('/invocations', { dataframe_records: [features(row)] }, { 'x-request-id': id }),
      ),
    );
    server.child.kill('SIGKILL');
    await server.ended;
    server = await startServer();
    await fetch(`${server.adminUrl}/admin/flush`, { method: 'POST' });
    const logged = await deployment.context.database.query<{ id: string; prediction: number }>(
      "SELECT client_request_id AS id, prediction FROM serving.prediction WHERE client_request_id LIKE 'killed-%'",
    );
    expect(logged.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    for (const { id, prediction } of logged) expect(prediction).toBe(recompute('2', Number(id.slice(7))));
  });

  it('starts from its cache when the database is away, and stops when asked', async () => {
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    const away = { ...deployment, url: 'postgres://nobody@127.0.0.1:1/none' };
    const before = deployment;
    deployment = away;
    try {
      server = await startServer();
      const response = await post('/invocations', { dataframe_records: [features(3)] });
      expect(await response.json()).toEqual({ predictions: [recompute('2', 3)] });
    } finally {
      deployment = before;
    }
  });
});

async function expectServed(version: string): Promise<void> {
  await fetch(`${server.adminUrl}/admin/refresh`, { method: 'POST' });
  const response = await fetch(`${server.url}/v2/models/bike-demand`);
  expect(await response.json()).toMatchObject({ versions: [version] });
}
