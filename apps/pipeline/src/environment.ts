import { SlipwayError } from '@slipway/contracts';
import { mlflowVariableNames, readMlflowSettings } from '@slipway/registry-client';
import { z } from 'zod';

const schema = z.object({
  DATABASE_URL: z.string().min(1).optional(),
  SLIPWAY_ENV: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,15}$/, 'a lower-case word of at most 16 characters')
    .default('development'),
  SLIPWAY_USER: z.string().optional(),
  USER: z.string().optional(),
  GIT_COMMIT: z.string().optional(),
  SLIPWAY_INFERENCE_TOKEN: z.string().min(1).optional(),
  SLIPWAY_ADMIN_TOKEN: z.string().min(1).optional(),
  HOST: z.string().optional(),
  PORT: z.string().optional(),
  ADMIN_PORT: z.string().optional(),
  NO_COLOR: z.string().optional(),
});

/** The settings the command line takes from the environment, checked once. */
export interface Environment {
  readonly databaseUrl: string | undefined;
  /** The tracking server; undefined for the embedded registry in the database. */
  readonly mlflow: ReturnType<typeof readMlflowSettings>;
  /** Its settings as variables, for a serving process of ours. */
  readonly mlflowVariables: Readonly<Record<string, string>>;
  readonly environment: string;
  readonly who: string;
  readonly gitCommit: string | undefined;
  /** Bearer tokens of the serving app that `slipway serve` starts. */
  readonly servingTokens: { readonly inference: string | undefined; readonly admin: string | undefined };
  /** Its listeners, as written: other verbs have no use for them, and other programs set them too. */
  readonly servingListeners: {
    readonly host: string | undefined;
    readonly port: string | undefined;
    readonly adminPort: string | undefined;
  };
  readonly color: boolean;
}

/** @throws SlipwayError `configuration_invalid` naming the variable */
export function parseEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const result = schema.safeParse(variables);
  if (!result.success) {
    const received = result.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ');
    throw new SlipwayError('configuration_invalid', {
      what: 'An environment variable is not valid',
      received,
    });
  }
  const { data } = result;
  return {
    databaseUrl: data.DATABASE_URL,
    mlflow: readMlflowSettings(variables),
    mlflowVariables: pickMlflowVariables(variables),
    environment: data.SLIPWAY_ENV,
    who: data.SLIPWAY_USER ?? data.USER ?? 'unknown',
    gitCommit: data.GIT_COMMIT,
    servingTokens: { inference: data.SLIPWAY_INFERENCE_TOKEN, admin: data.SLIPWAY_ADMIN_TOKEN },
    servingListeners: {
      host: data.HOST || undefined,
      port: data.PORT || undefined,
      adminPort: data.ADMIN_PORT || undefined,
    },
    color: data.NO_COLOR === undefined,
  };
}

function pickMlflowVariables(
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    mlflowVariableNames.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    }),
  ) as Record<string, string>;
}
