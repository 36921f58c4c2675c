import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Registry } from '../registry.ts';
import {
  answerJson,
  answerText,
  startScriptedServer,
  type ScriptedServer,
} from '../testing/scripted-server.ts';
import { createMlflowClient } from './create-mlflow-client.ts';
import { createMlflowTransport } from './create-mlflow-transport.ts';
import { createModelVersion } from './create-model-version.ts';
import { ensureExperiment } from './ensure-experiment.ts';

/** One exchange with a live server (3.17.2 or 2.22.5), its ids replaced. */
interface Recording {
  readonly name: string;
  readonly server: string;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly body?: object;
    readonly query?: object;
  };
  readonly status: number;
  readonly response: { readonly _text?: string; readonly _content_type?: string };
}

const recordings = JSON.parse(
  readFileSync(new URL('__fixtures__/recorded-answers.json', import.meta.url), 'utf8'),
) as readonly Recording[];

const runId = 'a'.repeat(32);
const modelId = `m-${'b'.repeat(32)}`;

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function find(name: string): Recording {
  const found = recordings.find((recording) => recording.name === name);
  if (found === undefined) throw new Error(`no recording "${name}"`);
  return found;
}

/** A server that answers with recordings by method and path; runs and versions it does not know are as recorded. */
async function replay(...names: readonly string[]): Promise<ScriptedServer> {
  const played = [...names, 'run create'].map(find);
  server = await startScriptedServer((response, { method, target }) => {
    const path = target.split('?', 1)[0];
    if (path === '/version') return answerText(response, { status: 200, text: played[0]!.server });
    const isRunRead = path === '/api/2.0/mlflow/runs/get';
    const recording = isRunRead
      ? find('run create')
      : played.find(({ request }) => request.method === method && request.path === path);
    if (recording === undefined) return answerText(response, { status: 404, text: `not recorded: ${path}` });
    const { status, response: body } = recording;
    if (body._text === undefined) answerJson(response, body, status);
    else answerText(response, { status, text: body._text, type: body._content_type });
  });
  return server;
}

async function clientOf(...names: readonly string[]): Promise<Registry> {
  return createMlflowClient({ trackingUri: (await replay(...names)).url, retries: 0 });
}

/** What was sent to the path of a recording. */
function sent(name: string): unknown {
  const { request } = find(name);
  const arrived = server?.arrived.find(
    ({ method, target }) => method === request.method && target.split('?', 1)[0] === request.path,
  );
  if (arrived === undefined) throw new Error(`nothing was sent for "${name}"`);
  const [, query = ''] = arrived.target.split('?');
  return request.method === 'GET' ? Object.fromEntries(new URLSearchParams(query)) : JSON.parse(arrived.body);
}

describe('what was recorded is what we send', () => {
  it('run create', async () => {
    const client = await clientOf('run create');
    const run = await client.createRun({
      experimentId: '1',
      runName: 'train',
      startTime: 1_700_000_000_000,
      tags: { 'mlflow.user': 'ci' },
    });
    expect(run).toMatchObject({ runId, status: 'RUNNING', runName: 'train', tags: { 'mlflow.user': 'ci' } });
    expect(run).toMatchObject({ params: {}, metrics: {}, inputs: [], modelIds: [], endTime: null });
    expect(sent('run create')).toMatchObject({
      experiment_id: '1',
      start_time: 1_700_000_000_000,
      run_name: 'train',
    });
  });

  it('log-batch ok, NaN as a text', async () => {
    const client = await clientOf('log-batch ok');
    const point = { timestamp: 1_700_000_000_000, step: 0 };
    await client.logBatch(runId, {
      params: { seed: '42' },
      metrics: [
        { key: 'mae', value: 1.5, ...point },
        { key: 'r2', value: NaN, ...point },
      ],
    });
    expect(sent('log-batch ok')).toEqual({ ...find('log-batch ok').request.body, tags: [] });
  });

  it('logged model finalize names the model in the body too', async () => {
    const client = await clientOf('logged model finalize');
    // The tie to the run is recorded nowhere: it is asked for and refused.
    await client.finalizeLoggedModel(modelId, 'READY').catch(() => undefined);
    expect(sent('logged model finalize')).toEqual(find('logged model finalize').request.body);
  });

  it('version create names run and logged model', async () => {
    const transport = createMlflowTransport({
      trackingUri: (await replay('version create')).url,
      retries: 0,
    });
    const model = { modelId, experimentId: '1', name: 'demand', modelType: null, runId } as const;
    const version = await createModelVersion(
      transport,
      { name: 'demand', runId, modelId },
      {
        model: { ...model, status: 'READY', creationTime: 0, params: {}, tags: {}, metrics: [] },
        folder: '',
        source: `models:/${modelId}`,
        isNative: true,
      },
    );
    expect(sent('version create')).toEqual({ ...find('version create').request.body, tags: [] });
    expect(version).toMatchObject({ version: '1', modelId, runId, aliases: [], description: '' });
  });
});

describe('what was recorded is what we understand', () => {
  it('3.17.2: a number where a text is due is emptied with HTTP 200, so it never leaves', async () => {
    const client = await clientOf('number where a string is due: silently emptied');
    const params = { n: 5 as unknown as string };
    await expect(client.logBatch(runId, { params, tags: { lost: '1' } })).rejects.toMatchObject({
      code: 'registry_rejected',
      details: { field: 'params.value', reason: 'type' },
    });
    expect(server?.arrived).toEqual([]);
  });

  it('3.17.2: the same metric of another dataset at the same time', async () => {
    const client = await clientOf('same metric, other dataset, same timestamp');
    const metric = {
      key: 'mae',
      value: 1.1,
      timestamp: 1_700_000_000_000,
      step: 0,
      modelId,
      datasetName: 'demand.training',
      datasetDigest: 'c2fb788c7deedbeaa296e424d4c2921b',
    };
    await expect(client.logBatch(runId, { metrics: [metric] })).rejects.toMatchObject({
      code: 'registry_rejected',
      details: { field: 'metrics', reason: 'conflict' },
    });
    expect(sent('same metric, other dataset, same timestamp')).toMatchObject(
      find('same metric, other dataset, same timestamp').request.body ?? {},
    );
  });

  it.each(['alias get, unset', 'alias get, no such model', 'alias get after its version was deleted'])(
    '%s: nothing, not a failure',
    async (name) => {
      const client = await clientOf(name);
      expect(await client.findVersionByAlias('demand', 'production')).toBeUndefined();
      expect(sent(name)).toEqual({ name: 'demand', alias: 'production' });
    },
  );

  it('alias get: the version, with the logged model read from its source', async () => {
    const client = await clientOf('alias get');
    expect(await client.findVersionByAlias('demand', 'production')).toEqual({
      name: 'demand',
      version: '1',
      runId,
      modelId,
      source: `models:/${modelId}`,
      aliases: ['production'],
      tags: {},
      description: '',
      creationTime: 1_700_000_000_000,
    });
  });

  it('experiment create, name exists: it is looked up, and an answer without it is said so', async () => {
    const transport = createMlflowTransport({
      trackingUri: (await replay('experiment create, name exists')).url,
      retries: 0,
    });
    await expect(ensureExperiment(transport, 'demand')).rejects.toMatchObject({
      code: 'registry_unavailable',
    });
  });

  it('no credentials (basic auth app), and a wrong Host header', async () => {
    for (const [name, code] of [
      ['no credentials (basic auth app)', 'registry_auth_failed'],
      ['wrong Host header is refused', 'registry_unavailable'],
    ] as const) {
      const { status, response } = find(name);
      const refusing = await startScriptedServer((reply) =>
        answerText(reply, { status, text: response._text ?? '', type: response._content_type }),
      );
      const client = createMlflowClient({ trackingUri: refusing.url, retries: 0 });
      await expect(client.findExperiment('demand')).rejects.toMatchObject({ code });
      await refusing.close();
    }
  });

  it('2.22.5: artifact get, missing: 500 with server paths, which the listing explains and nobody sees', async () => {
    const { status, response } = find('artifact get, missing');
    server = await startScriptedServer((reply, { target }) => {
      if (target.includes('runs/get')) answerJson(reply, find('run create').response);
      else if (target.includes('artifacts?path=')) answerJson(reply, {});
      else answerJson(reply, response, status);
    });
    const client = createMlflowClient({ trackingUri: server.url });
    await expect(client.readArtifact(runId, 'model/none')).rejects.toMatchObject({
      code: 'file_not_found',
      message: `The registry has no file "model/none" of ${runId}. List its files to see what is there.`,
    });
    expect(server.arrived).toHaveLength(3);
  });

  it('2.22.5: there is no route for logged models, and none is asked', async () => {
    const client = await clientOf('logged model create on 2.x');
    const create = client.createLoggedModel({ experimentId: '1', runId, name: 'demand' });
    await expect(create).rejects.toBeDefined();
    expect(server?.arrived.map(({ target }) => target)).not.toContain('/api/2.0/mlflow/logged-models');
  });
});
