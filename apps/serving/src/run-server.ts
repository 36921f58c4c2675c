import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/contracts';
import { connectDatabase, migrate, type Database } from '@slipway/database';
import { createMlflowClient, type Registry } from '@slipway/registry-client';
import { createEmbeddedRegistry, registryMigrations } from '@slipway/registry-client/embedded';
import {
  createAdminServer,
  createHandleCache,
  createInferenceServer,
  createServingMetrics,
  followAlias,
  openPredictionLog,
  servingMigrations,
  type FollowedModel,
} from '@slipway/serving';
import type { Environment } from './environment.ts';
import { describeFailure, followLine } from './log-line.ts';

export interface ServerParts {
  readonly environment: Environment;
  readonly now: () => number;
  readonly random: () => number;
  readonly processId: number;
  readonly programVersion: string;
  /** One line of the process log. */
  readonly log: (line: string) => void;
}

export interface RunningServer {
  readonly port: number;
  readonly adminPort: number;
  /** Answers what is under way, ships the log, leaves. */
  stop(): Promise<void>;
}

/**
 * Starts the serving process: follows the alias of each model, answers predictions, logs them. A database that is away
 * delays nothing but shipment: models come from the cache on disk.
 * @throws SlipwayError `port_taken`
 */
export async function runServer(parts: ServerParts): Promise<RunningServer> {
  const { environment, now, processId, programVersion, log } = parts;
  const { cacheDirectory, inferenceToken, adminToken } = environment;
  const generateId = (): string => randomUUID().replaceAll('-', '');
  const openDatabase = openOnce(environment.databaseUrl);
  const metrics = createServingMetrics();
  const predictionLog = await openPredictionLog({
    directory: join(cacheDirectory, 'predictions'),
    openDatabase,
    generateId,
    processId,
    onError: (error) => log(JSON.stringify({ event: 'prediction_log', ...describeFailure(error) })),
  });
  metrics.gauges.set('slipway_prediction_log_pending_bytes', () => predictionLog.pendingBytes);
  metrics.gauges.set('slipway_prediction_log_dropped', () => predictionLog.dropped);
  const models = await followModels(parts, {
    openDatabase,
    generateId,
    onVersion: (name, version) => metrics.setVersion(name, version),
  });
  const inference = createInferenceServer({
    models,
    onPrediction: (records) => predictionLog.append(records),
    metrics,
    now,
    generateId,
    programVersion,
    token: inferenceToken,
  });
  const admin = createAdminServer({ models, metrics, predictionLog, token: adminToken });
  const stop = async (): Promise<void> => {
    for (const model of models.values()) model.stop();
    await Promise.all([inference.close(), admin.close()]);
    await predictionLog.close();
    await (await openDatabase().catch(() => undefined))?.close();
  };
  try {
    const port = await listen(inference, environment.host, environment.port);
    return { port, adminPort: await listen(admin, environment.host, environment.adminPort), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function followModels(
  { environment, random, now, log }: ServerParts,
  {
    openDatabase,
    generateId,
    onVersion,
  }: {
    openDatabase: () => Promise<Database>;
    generateId: () => string;
    onVersion: (name: string, version: string) => void;
  },
): Promise<Map<string, FollowedModel>> {
  const cache = createHandleCache(join(environment.cacheDirectory, 'models'));
  const mlflow = environment.mlflow && createMlflowClient({ ...environment.mlflow, now });
  const openRegistry = async (): Promise<Registry> =>
    mlflow ?? createEmbeddedRegistry({ database: await openDatabase(), now, generateId });
  const followed = environment.models.map(async (name): Promise<[string, FollowedModel]> => {
    const registered = environment.environment === 'production' ? name : `${name}-${environment.environment}`;
    const model = await followAlias({
      model: registered,
      openRegistry,
      cache,
      pollMs: environment.pollMs,
      random,
      onEvent: (event) => {
        log(followLine(event));
        if (event.kind === 'swapped') onVersion(name, event.to);
        if (event.kind === 'cached') onVersion(name, event.version);
      },
    });
    return [name, model];
  });
  return new Map(await Promise.all(followed));
}

/** Connects and migrates when first needed, again after a failure. */
function openOnce(url: string): () => Promise<Database> {
  let opened: Promise<Database> | undefined;
  return () => {
    opened ??= connect(url).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

async function connect(url: string): Promise<Database> {
  const database = await connectDatabase({ url, applicationName: 'slipway serving', maxConnections: 4 });
  for (const set of [registryMigrations, servingMigrations]) await migrate(database, set);
  return database;
}

async function listen(
  server: ReturnType<typeof createInferenceServer>,
  host: string,
  port: number,
): Promise<number> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    throw new SlipwayError('port_taken', {
      what: `Port ${port} is already in use`,
      next: 'Set PORT or ADMIN_PORT to another one',
      cause: error,
    });
  }
  const address = server.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}
