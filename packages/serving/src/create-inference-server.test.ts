import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ModelSignature, PredictionRecord } from '@slipway/contracts';
import type { FittedModel } from '@slipway/models';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createInferenceServer,
  createServingMetrics,
  type FollowedModel,
  type InferenceServerOptions,
} from './index.ts';

const signature: ModelSignature = {
  formatVersion: 1,
  inputs: [
    { name: 'size', type: 'double', nullable: false },
    { name: 'at', type: 'datetime', nullable: true },
  ],
  output: { name: 'price', type: 'double' },
  entityKey: [{ name: 'store', type: 'long' }],
};

function follow(change: Partial<FollowedModel> = {}): FollowedModel {
  const fitted: FittedModel = {
    formatVersion: 1,
    signature,
    preprocessing: [{ step: 'drop', columns: ['at'] }],
    estimator: { family: 'linear', intercept: 1, coefficients: [2] },
    targetTransform: 'none',
  };
  return {
    current: () => ({ model: 'shop-development', version: '3', runId: 'run', digest: null, fitted }),
    isReady: true,
    role: 'production',
    refresh: () => Promise.resolve(),
    stop: () => undefined,
    ...change,
  };
}

let records: PredictionRecord[];
let server: FastifyInstance;
let ids = 0;
const metrics = createServingMetrics();

function create(change: Partial<InferenceServerOptions> = {}): FastifyInstance {
  return createInferenceServer({
    models: new Map([['shop', follow()]]),
    onPrediction: async (more) => void records.push(...more),
    metrics,
    now: () => 1_700_000_000_000,
    generateId: () => `made-${(ids += 1)}`,
    programVersion: '0',
    ...change,
  });
}

beforeEach(() => {
  records = [];
  server = create();
});
afterEach(() => server.close());

async function ask(
  params: object,
  { headers = {}, row = {} }: { headers?: Record<string, string>; row?: object } = {},
): Promise<{ status: number; body: Record<string, unknown>; headers: Record<string, unknown> }> {
  const payload = { dataframe_records: [{ size: 2, ...row }], params };
  const response = await server.inject({ method: 'POST', url: '/invocations', payload, headers });
  return { status: response.statusCode, body: response.json(), headers: response.headers };
}

describe('the id of an answered request', () => {
  it('is made by the server, so that one name of a client for many requests loses no row', async () => {
    const headers = { 'x-request-id': 'trace-1' };
    const answers = await Promise.all([1, 2, 3].map(() => ask({}, { headers })));
    expect(records.map(({ clientRequestId }) => clientRequestId)).toEqual(['trace-1', 'trace-1', 'trace-1']);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(3);
    expect(records.map(({ requestId }) => requestId).sort()).toEqual(
      answers.map((answer) => String(answer.headers['x-slipway-request-id'])).sort(),
    );
  });

  it('is no name of a client: in /v2 the client reads its own again', async () => {
    const inputs = [{ name: 'size', shape: [1], datatype: 'FP64', data: [2] }];
    const infer = async (id?: unknown): Promise<{ id: string; outputs: object[]; error?: string }> => {
      const payload = { id, inputs };
      return (await server.inject({ method: 'POST', url: '/v2/models/shop/infer', payload })).json();
    };
    expect(await infer('mine')).toMatchObject({ id: 'mine', outputs: [{ data: [5] }] });
    expect(await infer()).toMatchObject({ id: records[1]!.requestId });
    expect(records.map(({ clientRequestId }) => clientRequestId)).toEqual(['mine', null]);
    for (const id of ['', 'a\0b', '\ud800', 'x'.repeat(129), 7]) {
      expect(await infer(id)).toMatchObject({ error_code: 'request_invalid' });
    }
    expect(records).toHaveLength(2);
    expect((await ask({}, { headers: { 'x-request-id': 'x'.repeat(129) } })).status).toBe(400);
  });

  it('comes with what the model was served as', async () => {
    await server.close();
    server = create({ models: new Map([['shop', follow({ role: 'challenger' })]]) });
    await ask({});
    expect(records[0]).toMatchObject({ role: 'challenger', version: '3', runId: 'run' });
  });
});

describe('times', () => {
  // Microseconds from Python's datetime.fromisoformat, with UTC where the text has no zone.
  it.each([
    ['2011-07-01T05:00:00', 1_309_496_400_000_000],
    ['2011-07-01T05:00:00.123456Z', 1_309_496_400_123_456],
    ['2011-07-01T06:00:00+06:00', 1_309_478_400_000_000],
  ])('are read in UTC, to the microsecond, on a machine in any zone: %s', async (text, expected) => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'Asia/Tokyo';
    try {
      expect((await ask({ event_time: [text] }, { row: { at: text } })).status).toBe(200);
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
    expect(records[0]!.eventTime).toBe(expected);
    expect(records[0]!.numbers).toEqual([2, expected]);
  });

  it.each(['7', '2011-02-30', '-100000-01-01T00:00:00Z', 'July', 7, true])('refuse %s', async (value) => {
    const details = { row: 0 };
    expect(await ask({ event_time: [value] })).toMatchObject({ status: 400, body: { details } });
    expect(await ask({}, { row: { at: value } })).toMatchObject({ status: 400, body: { details } });
    expect(records).toEqual([]);
  });
});

describe('entity keys', () => {
  it('are logged in the types of the signature', async () => {
    for (const store of ['7', 7, '7.0', 7.0])
      expect((await ask({ entity_key: [{ store }] })).status).toBe(200);
    expect(records.map(({ entityKey }) => entityKey)).toEqual(Array(4).fill({ store: 7 }));
  });

  it.each([
    [{ store: 'a\0b' }],
    [{ store: '\ud800' }],
    [{ store: 1.5 }],
    [{ shop: 7 }],
    [{ store: 7, shop: 7 }],
    [{}],
    ['7'],
    [[7]],
  ])('refuse %j without showing it', async (key) => {
    const answer = await ask({ entity_key: [key] });
    expect(answer).toMatchObject({
      status: 400,
      body: { error_code: 'request_invalid', details: { row: 0 } },
    });
    expect(records).toEqual([]);
  });
});

describe('admission', () => {
  /** Sends bytes on a connection of its own. */
  async function open(text: string): Promise<ReturnType<typeof connect>> {
    const { port } = server.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.write(text, resolve));
    return socket;
  }
  const head = (length: number): string =>
    `POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
  const body = JSON.stringify({ dataframe_records: [{ size: 2 }] });
  const whole = head(body.length) + body;

  async function listen(change: Partial<InferenceServerOptions> = {}): Promise<string> {
    await server.close();
    server = create({ maxInFlight: 5, ...change });
    return server.listen({ host: '127.0.0.1', port: 0 });
  }
  const post = (url: string): Promise<Response> =>
    fetch(`${url}/invocations`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  /** Asks until the server has noticed what the clients did. */
  async function expectStatus(url: string, status: number): Promise<void> {
    await expect.poll(async () => (await post(url)).status, { timeout: 10_000 }).toBe(status);
  }

  it('gives back the place of a client that goes away while it sends', async () => {
    const url = await listen();
    for (let round = 0; round < 4; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 5 }, () => open(`${head(1000)}{"data`)));
      await expectStatus(url, 503);
      expect((await fetch(`${url}/ping`)).status).toBe(200);
      for (const socket of sockets) socket.destroy();
      await expectStatus(url, 200);
    }
  });

  it('gives back the place of a client that goes away while it waits for its answer', async () => {
    let isStuck = true;
    const release: (() => void)[] = [];
    const stuck = (): Promise<void> => new Promise((resolve) => release.push(resolve));
    const url = await listen({ onPrediction: () => (isStuck ? stuck() : Promise.resolve()) });
    // The second request of each connection waits behind the first.
    const sockets = await Promise.all([1, 2].map(() => open(whole + whole)));
    await expect.poll(() => release.length).toBe(4);
    const fifth = await open(whole);
    await expect.poll(() => release.length).toBe(5);
    isStuck = false;
    expect((await post(url)).status).toBe(503);
    for (const socket of [...sockets, fifth]) socket.destroy();
    await expectStatus(url, 200);
    release.forEach((answer) => answer());
    // A place that was given back is not given back again when the answer is there.
    isStuck = true;
    const full = await Promise.all(Array.from({ length: 5 }, () => open(whole)));
    await expect.poll(() => release.length).toBe(10);
    isStuck = false;
    expect((await post(url)).status).toBe(503);
    release.forEach((answer) => answer());
    await expectStatus(url, 200);
    for (const socket of full) socket.destroy();
  });
});

describe('metrics', () => {
  it('count a request that names no model under the only one there is, and other names under "other"', async () => {
    await server.close();
    const own = createServingMetrics();
    server = create({ metrics: own });
    await ask({});
    await server.inject({
      method: 'POST',
      url: '/invocations',
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    await server.inject({
      method: 'POST',
      url: '/invocations',
      payload: { model: 'spy', dataframe_records: [{}] },
    });
    await server.inject({ method: 'POST', url: '/nowhere', payload: {} });
    expect(
      own
        .render()
        .split('\n')
        .filter((line) => line.startsWith('slipway_requests_total')),
    ).toEqual([
      'slipway_requests_total{model="shop",status="200"} 1',
      'slipway_requests_total{model="shop",status="400"} 1',
      'slipway_requests_total{model="other",status="404"} 2',
    ]);
  });
});
