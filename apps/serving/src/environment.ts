import { parseConfiguration } from '@slipway/contracts';
import { readMlflowSettings, refuseEmbeddedRegistry } from '@slipway/registry-client';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  /** Comma-separated names, as people type them. */
  SLIPWAY_MODELS: z.string().min(1),
  DATABASE_URL: z.string().min(1),
  SLIPWAY_ENV: z.string().min(1).default('development'),
  HOST: z.string().default('0.0.0.0'),
  PORT: port.default(8080),
  ADMIN_PORT: port.default(8081),
  SLIPWAY_CACHE_DIR: z.string().min(1).default('.slipway/serving'),
  SLIPWAY_INFERENCE_TOKEN: z.string().min(1).optional(),
  SLIPWAY_ADMIN_TOKEN: z.string().min(1).optional(),
  POLL_MS: z.coerce.number().int().min(50).default(5_000),
});

/** The settings of a serving process. */
export interface Environment {
  readonly models: readonly string[];
  readonly databaseUrl: string;
  /** The tracking server; undefined for the embedded registry in the database. */
  readonly mlflow: ReturnType<typeof readMlflowSettings>;
  readonly environment: string;
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  readonly cacheDirectory: string;
  readonly inferenceToken: string | undefined;
  readonly adminToken: string | undefined;
  readonly pollMs: number;
}

/** @throws SlipwayError `configuration_invalid` naming the variables, `embedded_refused` in production without MLflow */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const data = parseConfiguration(schema, 'environment', variables);
  const mlflow = readMlflowSettings(variables);
  refuseEmbeddedRegistry({ environment: data.SLIPWAY_ENV, mlflow });
  return {
    models: data.SLIPWAY_MODELS.split(',').map((name) => name.trim()),
    databaseUrl: data.DATABASE_URL,
    mlflow,
    environment: data.SLIPWAY_ENV,
    host: data.HOST,
    port: data.PORT,
    adminPort: data.ADMIN_PORT,
    cacheDirectory: data.SLIPWAY_CACHE_DIR,
    inferenceToken: data.SLIPWAY_INFERENCE_TOKEN,
    adminToken: data.SLIPWAY_ADMIN_TOKEN,
    pollMs: data.POLL_MS,
  };
}
