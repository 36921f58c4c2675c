import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@slipway/contracts';
import Fastify, { type FastifyInstance } from 'fastify';
import type { FollowedModel } from './follow-alias.ts';
import type { PredictionLog } from './prediction-log.ts';
import type { ServingMetrics } from './serving-metrics.ts';

/**
 * The admin listener, apart from the one that clients reach: `GET /metrics` for Prometheus, `POST /admin/refresh` makes
 * every model look at its alias at once, `POST /admin/flush` ships the prediction log at once.
 */
export function createAdminServer({
  models,
  metrics,
  predictionLog,
  token,
}: {
  readonly models: ReadonlyMap<string, FollowedModel>;
  readonly metrics: ServingMetrics;
  readonly predictionLog: PredictionLog;
  /** When set, every request needs `authorization: Bearer <token>`; without one, listen on 127.0.0.1 only. */
  readonly token?: string | undefined;
}): FastifyInstance {
  const server = Fastify({ logger: false });
  server.addHook('onRequest', async (request, reply) => {
    if (token === undefined) return;
    const digest = (text: string): Buffer => Buffer.from(sha256Hex(text));
    const isAllowed = timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
    if (!isAllowed)
      await reply
        .code(401)
        .send({ error_code: 'request_invalid', message: 'The bearer token is missing or wrong' });
  });
  server.get('/metrics', async (_, reply) => reply.type('text/plain; version=0.0.4').send(metrics.render()));
  server.post('/admin/refresh', async () => {
    await Promise.all([...models.values()].map((model) => model.refresh()));
    const versions = [...models].map(([name, model]) => [
      name,
      model.isReady ? model.current().version : null,
    ]);
    return { versions: Object.fromEntries(versions) as Record<string, string | null> };
  });
  server.post('/admin/flush', async () => {
    await predictionLog.flush();
    const { pendingBytes, dropped, rejected } = predictionLog;
    return { pendingBytes, dropped, rejected };
  });
  return server;
}
