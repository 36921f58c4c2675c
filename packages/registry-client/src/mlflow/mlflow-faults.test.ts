import type { ServerResponse } from 'node:http';
import type { SlipwayError } from '@slipway/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import {
  answerJson,
  answerText,
  startScriptedServer,
  type ArrivedRequest,
  type ScriptedServer,
} from '../testing/scripted-server.ts';
import { createMlflowClient } from './create-mlflow-client.ts';
import type { MlflowConnectionOptions } from './mlflow-connection-options.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const runId = 'a'.repeat(32);
const run = {
  run: {
    info: {
      run_id: runId,
      experiment_id: '1',
      run_name: 'train',
      status: 'RUNNING',
      start_time: '1700000000000',
      artifact_uri: `mlflow-artifacts:/1/${runId}/artifacts`,
    },
  },
};

interface Scene {
  readonly client: ReturnType<typeof createMlflowClient>;
  readonly server: ScriptedServer;
  /** Milliseconds that were waited, instead of waiting. */
  readonly waits: readonly number[];
}

async function stage(
  answer: (response: ServerResponse, request: ArrivedRequest, place: number) => void,
  options: Partial<MlflowConnectionOptions> = {},
): Promise<Scene> {
  server = await startScriptedServer(answer);
  const waits: number[] = [];
  const client = createMlflowClient({
    trackingUri: server.url,
    wait: async (milliseconds) => void waits.push(milliseconds),
    random: () => 1,
    now: () => Date.parse('2026-11-24T12:00:00Z'),
    ...options,
  });
  return { client, server, waits };
}

async function failureOf(promise: Promise<unknown>): Promise<SlipwayError> {
  return promise.then(
    () => expect.fail('it did not reject'),
    (error: SlipwayError) => error,
  );
}

describe('an answer that is not MLflow', () => {
  it('a login page with HTTP 200 is not taken for a registry', async () => {
    const { client, server } = await stage((response) =>
      answerText(response, { status: 200, text: '<html>Sign in</html>' }),
    );
    const error = await failureOf(client.getRun(runId));
    expect(error.code).toBe('registry_unavailable');
    expect(error.message).toBe(
      `There is no MLflow server at ${server.url}, or something stands in front of it: received a web page with ` +
        'HTTP 200. Check the address; a login page in front of the server needs its own credentials.',
    );
    expect(server.arrived).toHaveLength(1);
  });

  it('a page for an unknown route is no answer about the run', async () => {
    const { client, server } = await stage((response) =>
      answerText(response, { status: 404, text: '<h1>Not Found</h1>' }),
    );
    for (const call of [client.getRun(runId), client.findVersionByAlias('demand', 'production')]) {
      const error = await failureOf(call);
      expect(error.code).toBe('registry_unavailable');
      expect(error.message).toContain('HTTP 404 with a web page');
      expect(error.message).toContain(
        'not an MLflow server, or not its address: check host, port and path prefix',
      );
      expect(error.message).toContain(server.url);
    }
  });

  it('JSON of another program is not taken for a run', async () => {
    const { client } = await stage((response) => answerJson(response, { status: 'ok' }));
    const error = await failureOf(client.getRun(runId));
    expect(error).toMatchObject({ code: 'registry_unavailable', isRetryable: false });
    expect(error.message).toContain('received an answer of another shape (run)');
  });

  it('a version that is no version number ends the question for logged models', async () => {
    const { client } = await stage((response) => answerText(response, { status: 200, text: 'Welcome' }));
    const error = await failureOf(client.getLoggedModel(`m-${runId}`));
    expect(error.message).toContain(
      'expected MLflow 2 or newer, received an answer that is no version number',
    );
  });

  it('a redirect is not followed', async () => {
    const { client, server } = await stage((response) =>
      answerText(response, { status: 302, text: '', headers: { location: 'https://login.example/' } }),
    );
    const error = await failureOf(client.setAlias('demand', 'production', '1'));
    expect(error.message).toBe(
      `Setting an alias failed at the tracking server ${server.url}: received a redirect. ` +
        'Give the address it leads to, with https and path prefix.',
    );
  });
});

describe('credentials', () => {
  const denied = (response: ServerResponse): void =>
    answerText(response, {
      status: 401,
      text: 'You are not authenticated. Please see https://www.mlflow.org',
    });

  it('none given and asked for', async () => {
    const { client, server } = await stage(denied);
    const error = await failureOf(client.getRun(runId));
    expect(error.code).toBe('registry_auth_failed');
    expect(error.message).toBe(
      `Reading a run failed at the tracking server ${server.url}: expected a user and password, or a token, ` +
        'received HTTP 401. Give the client a user and password, or a token.',
    );
    expect(server.arrived).toHaveLength(1);
  });

  it('given in the tracking URI and refused: they are sent, and shown nowhere', async () => {
    const started = await stage(denied);
    const trackingUri =
      started.server.url.replace('http://', 'http://ada:s%3Acret@') + '/prefix/?secret=s:cret#s:cret';
    const client = createMlflowClient({ trackingUri });
    const error = await failureOf(client.getRun(runId));
    expect(error).toMatchObject({ code: 'registry_auth_failed' });
    expect(error.message).toContain(`at the tracking server ${started.server.url}/prefix: `);
    expect(JSON.stringify([error.message, error.details, error.stack])).not.toMatch(/s(:|%3A)cret|ada/);
    const [arrived] = started.server.arrived;
    expect(arrived?.target).toBe(`/prefix/api/2.0/mlflow/runs/get?run_id=${runId}`);
    expect(arrived?.headers.authorization).toBe(`Basic ${Buffer.from('ada:s:cret').toString('base64')}`);
  });

  it('a token goes as bearer, before a user in the URI', async () => {
    const started = await stage((response) => answerJson(response, run));
    const client = createMlflowClient({
      trackingUri: started.server.url.replace('http://', 'http://ada:secret@'),
      authentication: { kind: 'bearer', token: 'top-secret' },
    });
    await client.getRun(runId);
    expect(started.server.arrived[0]?.headers.authorization).toBe('Bearer top-secret');
  });

  it('a token with a line end, or an address that is none, is refused without being shown', () => {
    const bad = [
      { trackingUri: 'http://host', authentication: { kind: 'bearer', token: 'top-secret\n' } as const },
      { trackingUri: 'databricks://top-secret@profile' },
      { trackingUri: 'top-secret' },
    ];
    for (const options of bad) {
      const make = (): unknown => createMlflowClient(options);
      expect(make).toThrow(expect.objectContaining({ code: 'invalid_argument' }) as Error);
      expect(make).not.toThrow(/top-secret/);
    }
  });

  it('a user without the permission', async () => {
    const { client } = await stage(
      (response) => answerText(response, { status: 403, text: 'Permission denied' }),
      { authentication: { kind: 'basic', username: 'ada', password: 'secret' } },
    );
    const error = await failureOf(client.getRun(runId));
    expect(error.code).toBe('registry_auth_failed');
    expect(error.message).toContain('expected a user with the right to do this, received HTTP 403');
  });

  it('the host check of MLflow 3.5 and newer is no question of credentials', async () => {
    const { client, server } = await stage((response) =>
      answerText(response, {
        status: 403,
        type: 'text/plain',
        text: 'Invalid Host header - possible DNS rebinding attack detected',
      }),
    );
    const error = await failureOf(client.getRun(runId));
    expect(error.code).toBe('registry_unavailable');
    expect(error.message).toBe(
      `Reading a run failed at the tracking server ${server.url}: received HTTP 403: the server does not accept this ` +
        'host name. Start it with --allowed-hosts (MLFLOW_SERVER_ALLOWED_HOSTS) naming this host and port, or use an ' +
        'address it accepts.',
    );
  });
});

describe('trouble that may pass', () => {
  it('429 with Retry-After is asked again after that time, a create too', async () => {
    const { client, waits, server } = await stage((response, _, place) => {
      if (place === 0) answerText(response, { status: 429, text: 'slow', headers: { 'retry-after': '3' } });
      else if (place === 1)
        answerText(response, {
          status: 429,
          text: 'slow',
          headers: { 'retry-after': 'Tue, 24 Nov 2026 12:00:20 GMT' },
        });
      else answerJson(response, run);
    });
    await client.createRun({ experimentId: '1', runName: 'train', startTime: 1 });
    expect(waits).toEqual([3_000, 20_000]);
    expect(server.arrived).toHaveLength(3);
  });

  it('429 that asks for more than a minute is an error at once', async () => {
    const { client, waits } = await stage((response) =>
      answerText(response, { status: 429, text: 'slow', headers: { 'retry-after': '3600' } }),
    );
    const error = await failureOf(client.getRun(runId));
    expect(error).toMatchObject({
      code: 'registry_unavailable',
      isRetryable: true,
      details: { status: 429 },
    });
    expect(waits).toEqual([]);
  });

  it('an HTML 500 is asked again where that is safe, with growing pauses', async () => {
    const broken = (response: ServerResponse): void =>
      answerText(response, { status: 500, text: '<title>500 Internal Server Error</title>' });
    const { client, waits, server } = await stage(broken);
    const error = await failureOf(client.logBatch(runId, { tags: { a: 'b' } }));
    expect(error).toMatchObject({ code: 'registry_unavailable', isRetryable: true });
    expect(error.message).toContain('received HTTP 500. Look at the log of the server; ask again later.');
    expect(waits).toEqual([250, 500, 1_000, 2_000]);
    expect(server.arrived).toHaveLength(5);
  });

  it('a 500 for a file that is written names the artifact storage, for one that is read does not', async () => {
    const { client, server } = await stage((response, request) =>
      request.target.includes('/runs/get')
        ? answerJson(response, run)
        : answerJson(response, { error_code: 'INTERNAL_ERROR', message: '' }, 500),
    );
    const error = await failureOf(client.logArtifact(runId, 'a.txt', new Uint8Array(1)));
    expect(error).toMatchObject({ code: 'registry_unavailable', isRetryable: true });
    expect(error.message).toBe(
      `Writing a file failed at the tracking server ${server.url}: received HTTP 500. Look at the server's artifact ` +
        'storage, which may be full or read-only, and at its log; ask again later.',
    );
    const read = await failureOf(client.readArtifact(runId, 'a.txt'));
    expect(read.message).not.toContain('storage');
  });

  it('a 503 for a file that is written is an outage of the server', async () => {
    const { client } = await stage((response, request) =>
      request.target.includes('/runs/get')
        ? answerJson(response, run)
        : answerText(response, { status: 503, text: 'upstream' }),
    );
    const error = await failureOf(client.logArtifact(runId, 'a.txt', new Uint8Array(1)));
    expect(error.message).toContain('received HTTP 503. Look at the log of the server; ask again later.');
  });

  it.each([
    [
      'a run',
      (client: Scene['client']) => client.createRun({ experimentId: '1', runName: 'x', startTime: 1 }),
    ],
    [
      'a run, cut',
      (client: Scene['client']) => client.createRun({ experimentId: '1', runName: 'cut', startTime: 1 }),
    ],
  ])('a create is never sent twice when it may have been done: %s', async (_, create) => {
    const { client, server } = await stage((response, request) => {
      if (request.body.includes('cut')) response.destroy();
      else answerText(response, { status: 503, text: 'upstream' });
    });
    const error = await failureOf(create(client));
    expect(error.code).toBe('registry_unavailable');
    expect(server.arrived).toHaveLength(1);
  });

  it('half an answer is none: read again, and an error that says so for a create', async () => {
    const half = (response: ServerResponse): void => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"run":', () => response.destroy());
    };
    const { client, server } = await stage((response, request, place) =>
      request.method === 'GET' && place > 0 ? answerJson(response, run) : half(response),
    );
    expect((await client.getRun(runId)).startTime).toBe(1_700_000_000_000);
    const error = await failureOf(client.createRun({ experimentId: '1', runName: 'x', startTime: 1 }));
    expect(error.message).toBe(
      `Creating a run failed: the tracking server at ${server.url} does not answer: received a connection that ended ` +
        'before the answer was complete. It may have been done all the same: look before you ask again.',
    );
    expect(error.details).toMatchObject({ reason: 'cut', mayBeDone: true });
  });

  it('a server that does not answer in time', async () => {
    let sent = 0;
    const fetch: typeof globalThis.fetch = (...request) => {
      sent += 1;
      return globalThis.fetch(...request);
    };
    const { client, server } = await stage(() => undefined, { fetch, timeoutMs: 20 });
    const error = await failureOf(client.getRun(runId));
    expect(error.message).toBe(
      `Reading a run failed: the tracking server at ${server.url} does not answer: received no complete answer ` +
        'within 20 ms. Check that the server runs and can be reached from here. A slow one gets more time with ' +
        'MLFLOW_HTTP_REQUEST_TIMEOUT, in seconds (option timeoutMs).',
    );
    // What was sent: in 20 ms a busy machine may not have read it.
    expect(sent).toBe(1);
  });

  it.each([
    [0, 5],
    [1_916, 4],
    [1_917, 3],
    [7_250, 2],
    [7_251, 1],
  ])('repeats share one time limit: after %i ms of 8000 a request is sent %i times', async (took, times) => {
    let clock = 0;
    let sent = 0;
    const fetch = async (): Promise<never> => {
      clock += took;
      sent += 1;
      throw new TypeError('the connection ended');
    };
    const { client, waits } = await stage(() => undefined, { fetch, monotonicNow: () => clock });
    const error = await failureOf(client.getRun(runId));
    expect(error).toMatchObject({ code: 'registry_unavailable', details: { reason: 'cut' } });
    expect(sent).toBe(times);
    expect(waits).toHaveLength(times - 1);
  });

  it('a wall clock that is set meanwhile takes no time from the repeats', async () => {
    let clock = Date.parse('2026-11-24T12:00:00Z');
    const { client, waits } = await stage(
      (response) => answerText(response, { status: 503, text: 'upstream' }),
      { now: () => (clock += 3_600_000), monotonicNow: () => 0 },
    );
    await failureOf(client.getRun(runId));
    expect(waits).toHaveLength(4);
  });

  it('an answer that came late is not replaced by the timeout of a repeat without time', async () => {
    let clock = 0;
    const fetch: typeof globalThis.fetch = async (_, init) => {
      const isFirst = clock === 0;
      clock = 7_400;
      if (isFirst) return new Response('upstream', { status: 503 });
      return new Promise((_, reject) => init?.signal?.addEventListener('abort', reject));
    };
    const { client } = await stage(() => undefined, { fetch, monotonicNow: () => clock });
    const error = await failureOf(client.getRun(runId));
    expect(error).toMatchObject({ code: 'registry_unavailable', details: { status: 503 } });
  });

  it('a server that stumbles over its version is asked again, and not taken for a new one', async () => {
    const { client, waits, server } = await stage((response, { target }, place) => {
      if (place === 0) answerText(response, { status: 500, text: 'Internal Server Error' });
      else if (target.includes('version')) answerText(response, { status: 200, text: '2.22.5' });
      else answerJson(response, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'none' }, 404);
    });
    await failureOf(client.getLoggedModel(`m-${runId}`));
    expect(waits).toEqual([250]);
    expect(server.arrived.map(({ target }) => target)).toEqual([
      '/version',
      '/version',
      expect.stringContaining(`/runs/get?run_id=${runId}`),
    ]);
  });

  it('asked for its version, a server has no more time than for anything else', async () => {
    const { client } = await stage(() => undefined, { timeoutMs: 20 });
    const error = await failureOf(client.getLoggedModel(`m-${runId}`));
    expect(error.message).toContain('received no complete answer within 20 ms');
  });

  it('a server that is down: even a create is tried again, as nothing was sent', async () => {
    const { client, server: gone, waits } = await stage(() => undefined);
    await gone.close();
    const error = await failureOf(client.createRun({ experimentId: '1', runName: 'x', startTime: 1 }));
    expect(error).toMatchObject({ code: 'registry_unavailable', details: { mayBeDone: false } });
    expect(error.message).toContain(`${gone.url} does not answer: received no connection (ECONNREFUSED).`);
    expect(waits).toHaveLength(4);
  });

  it('a lost race inside the database of the server is tried again', async () => {
    const { client, waits } = await stage((response, _, place) => {
      const message =
        '(sqlite3.IntegrityError) UNIQUE constraint failed: datasets.experiment_id\n[SQL: INSERT ...]';
      if (place === 0) answerJson(response, { error_code: 'BAD_REQUEST', message }, 400);
      else answerJson(response, {});
    });
    await client.logInputs(runId, [{ name: 'train', digest: '1', source: '{}', sourceType: 'http' }]);
    expect(waits).toEqual([250]);
  });

  it('the caller cancels', async () => {
    const controller = new AbortController();
    const { client } = await stage(() => controller.abort(), { signal: controller.signal });
    const error = await failureOf(client.getRun(runId));
    expect(error).toMatchObject({ code: 'aborted', message: 'The caller cancelled while reading a run.' });
  });
});

describe('refusals', () => {
  it('keep the words of the server and none of the values it quotes', async () => {
    const { client, server } = await stage((response) =>
      answerJson(
        response,
        {
          error_code: 'INVALID_PARAMETER_VALUE',
          message: 'Invalid value \'my-secret\' for "tag"\nmy-secret',
        },
        400,
      ),
    );
    const error = await failureOf(client.setAlias('demand', 'production', '1'));
    expect(error.code).toBe('registry_rejected');
    expect(error.message).toBe(
      `Setting an alias was refused by the tracking server at ${server.url}: ` +
        `received HTTP 400 INVALID_PARAMETER_VALUE "Invalid value '...' for ...".`,
    );
  });

  it('a server without artifact proxy names the way out', async () => {
    const { client } = await stage((response, { target }) => {
      if (target.includes('runs/get')) answerJson(response, run);
      else
        answerText(response, {
          status: 503,
          type: 'text/plain',
          text: 'Endpoint: /api/2.0/mlflow-artifacts disabled due to the mlflow server running with `--no-serve-artifacts`',
        });
    });
    const error = await failureOf(client.logArtifact(runId, 'a.txt', new Uint8Array(1)));
    expect(error.code).toBe('registry_rejected');
    expect(error.message).toContain('Start it with --serve-artifacts and --artifacts-destination');
  });
});

describe('files', () => {
  it('that the server keeps otherwise are written again, then given up', async () => {
    const { client, server } = await stage((response, { method, target }) => {
      if (target.includes('runs/get')) answerJson(response, run);
      else if (method === 'PUT') answerText(response, { status: 200, text: '' });
      else answerText(response, { status: 200, text: 'half', type: 'application/octet-stream' });
    });
    const error = await failureOf(client.logArtifact(runId, 'a.txt', new TextEncoder().encode('whole')));
    expect(error.code).toBe('artifact_invalid');
    expect(server.arrived.filter(({ method }) => method === 'PUT')).toHaveLength(3);
  });

  it('that come shorter than listed are refused (2.22.5 announces no length)', async () => {
    const { client } = await stage((response, { target }) => {
      if (target.includes('runs/get')) answerJson(response, run);
      else if (target.includes('artifacts?path='))
        answerJson(response, { files: [{ path: 'a.txt', is_dir: false, file_size: '10' }] });
      else {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.write('half');
        response.end();
      }
    });
    const error = await failureOf(client.readArtifact(runId, 'a.txt'));
    expect(error.code).toBe('artifact_invalid');
    expect(error.message).toContain('expected 10 bytes, received 4');
  });
});

describe('pages', () => {
  it('are read to the end, each run once, and a token that stands still ends it', async () => {
    const info = (id: string): object => ({ info: { ...run.run.info, run_id: id } });
    const { client, server } = await stage((response, _, place) => {
      if (place === 0) answerJson(response, { runs: [info('a'), info('b')], next_page_token: 'two' });
      else answerJson(response, { runs: [info('b'), info('c')], next_page_token: 'two' });
    });
    const found = await client.searchRuns({ experimentId: '1' });
    expect(found.map((each) => each.runId)).toEqual(['a', 'b', 'c']);
    expect(server.arrived).toHaveLength(2);
    const sent = server.arrived.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(sent.map((body) => body['max_results'])).toEqual([1_000, 998]);
    expect(sent[1]).toMatchObject({ page_token: 'two' });
  });

  it('never has more than eight requests under way', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    let left = 20;
    const { client } = await stage((response) => {
      open.push(response);
      most = Math.max(most, open.length);
      // Eight wait for each other; the last ones come in fewer.
      if (open.length < Math.min(8, left)) return;
      left -= open.length;
      for (const each of open.splice(0)) answerJson(each, run);
    });
    await Promise.all(Array.from({ length: 20 }, () => client.getRun(runId)));
    expect(most).toBe(8);
  });
});
