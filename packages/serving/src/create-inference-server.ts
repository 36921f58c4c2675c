import { timingSafeEqual } from 'node:crypto';
import { sha256Hex, SlipwayError, type PredictionRecord } from '@slipway/contracts';
import { predictModel } from '@slipway/models';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createAdmission } from './admission.ts';
import { parseClientRequestId } from './client-request-id.ts';
import { describeError } from './error-status.ts';
import type { FollowedModel } from './follow-alias.ts';
import type { ModelHandle } from './model-handle.ts';
import { parseInfer } from './parse-infer.ts';
import { parseInvocations, parseInvocationsBody } from './parse-invocations.ts';
import { predictionRecords } from './prediction-records.ts';
import type { PredictionRequest } from './prediction-request.ts';
import type { ServingMetrics } from './serving-metrics.ts';

export interface InferenceServerOptions {
  /** Models by the name that people type. */
  readonly models: ReadonlyMap<string, FollowedModel>;
  /** Awaited before the reply leaves, so that no answered row is missing from the log. */
  readonly onPrediction: (records: readonly PredictionRecord[]) => Promise<void>;
  readonly metrics: ServingMetrics;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
  /** Makes the ids of answered requests: unique over all processes that log to one database, at most 64 characters. */
  readonly generateId: () => string;
  /** Program version, shown by `/version`. */
  readonly programVersion: string;
  /** When set, predictions need `authorization: Bearer <token>`. */
  readonly token?: string | undefined;
  /** More predictions at once are refused with 503 before they are read; health is always answered. @default 256 */
  readonly maxInFlight?: number;
  /** Largest body in bytes. @default 8388608 */
  readonly bodyLimit?: number;
}

/**
 * The inference listener: MLflow's scoring protocol (`/invocations`, `/ping`, `/health`, `/version`) and the Open Inference
 * Protocol v2 (`/v2/...`). Bad input is a 4xx that names column and row; each answer names the version that gave it, and
 * the id it is logged under.
 */
export function createInferenceServer(options: InferenceServerOptions): FastifyInstance {
  const { models, bodyLimit = 8_388_608 } = options;
  const server = Fastify({ bodyLimit, forceCloseConnections: 'idle', logger: false });
  guard(server, options);

  const isReady = (): boolean => [...models.values()].every((model) => model.isReady);
  const health = async (_: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    reply.code(isReady() ? 200 : 503).send({ ready: isReady() });
  server.get('/ping', health);
  server.get('/health', health);
  server.get('/v2/health/ready', health);
  server.get('/v2/health/live', async () => ({ live: true }));
  server.get('/version', async () => ({ version: options.programVersion }));
  server.get('/v2', async () => ({ name: 'slipway', version: options.programVersion, extensions: [] }));

  server.post('/invocations', async (request, reply) => {
    const body = parseInvocationsBody(request.body);
    const name = body.model ?? onlyModel(models);
    const model = findModel(models, name);
    const handle = model.current();
    const parsed = parseInvocations(body, handle.fitted.signature);
    const clientRequestId = clientRequestIdOf(request);
    const { predictions, requestId } = await answer(
      options,
      { name, model, handle, clientRequestId },
      parsed,
    );
    return reply.headers(headersOf(handle, requestId)).send({ predictions: Array.from(predictions) });
  });

  server.get<{ Params: ModelParams }>('/v2/models/:model', async ({ params }) => {
    const handle = findModel(models, params.model).current();
    return describeModel(params.model, handle);
  });
  server.get<{ Params: ModelParams }>('/v2/models/:model/ready', async ({ params }, reply) => {
    const ready = findModel(models, params.model).isReady;
    return reply.code(ready ? 200 : 503).send({ name: params.model, ready });
  });
  const infer = async (
    request: FastifyRequest<{ Params: ModelParams }>,
    reply: FastifyReply,
  ): Promise<unknown> => {
    const { model: name, version } = request.params;
    const model = findModel(models, name);
    const handle = model.current();
    checkVersion(handle, version);
    const parsed = parseInfer(request.body, handle.fitted.signature);
    const clientRequestId = parsed.id ?? clientRequestIdOf(request);
    const { predictions, requestId } = await answer(
      options,
      { name, model, handle, clientRequestId },
      parsed,
    );
    const data = Array.from(predictions);
    const output = {
      name: handle.fitted.signature.output.name,
      datatype: 'FP64',
      shape: [data.length],
      data,
    };
    return reply.headers(headersOf(handle, requestId)).send({
      id: clientRequestId ?? requestId,
      model_name: name,
      model_version: handle.version,
      outputs: [output],
    });
  };
  server.post('/v2/models/:model/infer', infer);
  server.post('/v2/models/:model/versions/:version/infer', infer);
  return server;
}

interface ModelParams {
  model: string;
  version?: string;
}

/** Admission, token and error answers: before and around every handler. */
function guard(
  server: FastifyInstance,
  { token, maxInFlight = 256, metrics, models }: InferenceServerOptions,
): void {
  const admission = createAdmission(maxInFlight);
  server.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST') return;
    if (token !== undefined && !hasToken(request.headers.authorization, token)) {
      throw Object.assign(new Error('The bearer token is missing or wrong'), { statusCode: 401 });
    }
    admission.enter(request, reply);
  });
  server.addHook('onResponse', async (request, reply) => {
    if (request.method === 'POST') metrics.countRequest(labelOf(request, models), reply.statusCode);
  });
  server.setNotFoundHandler((_, reply) =>
    reply.code(404).send({ error_code: 'request_invalid', message: 'There is nothing at this path.' }),
  );
  server.setErrorHandler((error, request, reply) => {
    const { status, code, message, details } = describeError(error);
    if (status === 503) void reply.header('retry-after', '1');
    const body = request.url.startsWith('/v2/')
      ? { error: message, error_code: code, details }
      : { error_code: code, message, details };
    return reply.code(status).send(body);
  });
}

/** The model a request is counted under: `other` for a name that is not served, so that labels are bounded. */
function labelOf(request: FastifyRequest, models: ReadonlyMap<string, FollowedModel>): string {
  const named =
    (request.params as Partial<ModelParams>).model ?? (request.body as { model?: unknown } | null)?.model;
  if (typeof named === 'string') return models.has(named) ? named : 'other';
  const [only, ...others] = models.keys();
  const asksOnlyModel = request.routeOptions.url === '/invocations' && others.length === 0;
  return asksOnlyModel ? (only ?? 'other') : 'other';
}

/** Compared by digest, in constant time. */
function hasToken(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => Buffer.from(sha256Hex(text));
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`));
}

interface Asked {
  /** As people type it. */
  readonly name: string;
  readonly model: FollowedModel;
  readonly handle: ModelHandle;
  readonly clientRequestId: string | null;
}

async function answer(
  { onPrediction, metrics, now, generateId }: InferenceServerOptions,
  { name, model: { role }, handle, clientRequestId }: Asked,
  request: PredictionRequest,
): Promise<{ predictions: Float64Array; requestId: string }> {
  const requestId = generateId();
  const receivedAt = Math.round(now() * 1000);
  const predictions = predictModel(handle.fitted, request.batch);
  if (!predictions.every(Number.isFinite)) {
    throw new SlipwayError('value_unsupported', { what: 'The model gives no finite prediction for a row' });
  }
  const answered = { requestId, clientRequestId, role, receivedAt };
  await onPrediction(predictionRecords(handle, request, predictions, answered));
  metrics.countRows(name, predictions.length);
  return { predictions, requestId };
}

function clientRequestIdOf({ headers }: FastifyRequest): string | null {
  return parseClientRequestId(headers['x-request-id'] || null, 'The header "x-request-id"');
}

function headersOf({ version }: ModelHandle, requestId: string): Record<string, string> {
  return { 'x-slipway-model-version': version, 'x-slipway-request-id': requestId };
}

function onlyModel(models: ReadonlyMap<string, FollowedModel>): string {
  const [name, ...others] = models.keys();
  if (name !== undefined && others.length === 0) return name;
  throw new SlipwayError('request_invalid', {
    what: 'The request does not name a model',
    expected: `"model", one of ${[...models.keys()].join(', ')}`,
  });
}

function findModel(models: ReadonlyMap<string, FollowedModel>, name: string): FollowedModel {
  const model = models.get(name);
  if (model !== undefined) return model;
  throw new SlipwayError('model_unknown', {
    what: 'This server does not serve that model',
    expected: [...models.keys()].join(', '),
  });
}

function checkVersion({ version }: ModelHandle, asked: string | undefined): void {
  if (asked === undefined || asked === version) return;
  throw new SlipwayError('model_version_not_found', {
    what: 'That version does not serve now',
    expected: `version ${version}`,
  });
}

const datatypes = {
  double: 'FP64',
  long: 'INT64',
  boolean: 'BOOL',
  string: 'BYTES',
  datetime: 'BYTES',
} as const;

function describeModel(name: string, { version, fitted: { signature } }: ModelHandle): object {
  const { inputs, output } = signature;
  return {
    name,
    versions: [version],
    platform: 'slipway',
    inputs: inputs.map((input) => ({ name: input.name, datatype: datatypes[input.type], shape: [-1] })),
    outputs: [{ name: output.name, datatype: 'FP64', shape: [-1] }],
  };
}
