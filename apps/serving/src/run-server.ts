import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SlipwayError } from '@slipway/contracts';
import { connectDatabase, migrate, type Database } from '@slipway/database';
import { createMlflowClient, registeredName, type Registry } from '@slipway/registry-client';
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
  const connection = connectOnce(environment.databaseUrl);
  const metrics = createServingMetrics();
  const predictionLog = await openPredictionLog({
    directory: join(cacheDirectory, 'predictions'),
    openDatabase: connection.open,
    generateId,
    processId,
    onError: (error) => log(JSON.stringify({ event: 'prediction_log', ...describeFailure(error) })),
  });
  metrics.gauges.set('slipway_prediction_log_pending_bytes', () => predictionLog.pendingBytes);
  metrics.gauges.set('slipway_prediction_log_dropped', () => predictionLog.dropped);
  metrics.gauges.set('slipway_prediction_log_rejected', () => predictionLog.rejected);
  const models = await followModels(parts, {
    openDatabase: connection.open,
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
    await connection.close();
  };
  try {
    const port = await listen(inference, environment.host, environment.port);
    // Who can reach the admin listener can make this process work: without a token, nobody from outside.
    const adminHost = adminToken === undefined ? '127.0.0.1' : environment.host;
    return { port, adminPort: await listen(admin, adminHost, environment.adminPort), stop };
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
    const model = await followAlias({
      model: registeredName(name, environment.environment),
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
function connectOnce(url: string): { open(): Promise<Database>; close(): Promise<void> } {
  let opened: Promise<Database> | undefined;
  return {
    open() {
      opened ??= connect(url).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    async close() {
      // A server that no longer answers must not hold up the end of the process.
      const closed = opened?.then((database) => database.close()).catch(() => undefined);
      await Promise.race([closed, wait(1_000)]);
    },
  };
}

async function connect(url: string): Promise<Database> {
  const database = await connectDatabase({
    url,
    applicationName: 'slipway serving',
    maxConnections: 4,
    // A statement without an answer must not hold up alias and log for ever. A migration that takes longer, of ours or of a
    // process that is waited for, fails here and is tried again: "slipway db migrate" has no such limit.
    answerMs: 30_000,
  });
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
