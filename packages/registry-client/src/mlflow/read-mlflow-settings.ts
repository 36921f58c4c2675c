import { SlipwayError } from '@slipway/contracts';
import type { MlflowAuthentication, MlflowConnectionOptions } from './mlflow-connection-options.ts';
import { parseTrackingAddress } from './tracking-address.ts';

/** The variables of MLflow's own clients that say where the server is, who asks, and how many seconds they wait. */
export const mlflowVariableNames = [
  'MLFLOW_TRACKING_URI',
  'MLFLOW_TRACKING_USERNAME',
  'MLFLOW_TRACKING_PASSWORD',
  'MLFLOW_TRACKING_TOKEN',
  'MLFLOW_HTTP_REQUEST_TIMEOUT',
] as const;

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads MLflow's variables as its Python client does: user and password go before a token. `undefined` without
 * `MLFLOW_TRACKING_URI`; an empty variable counts as not set.
 * @throws SlipwayError `configuration_invalid` naming the variable, never its value
 */
export function readMlflowSettings(
  variables: Variables,
): Pick<MlflowConnectionOptions, 'trackingUri' | 'authentication' | 'timeoutMs'> | undefined {
  const trackingUri = variables['MLFLOW_TRACKING_URI'] || undefined;
  if (trackingUri === undefined) return undefined;
  const authentication = readAuthentication(variables);
  try {
    parseTrackingAddress(trackingUri, authentication);
  } catch (error) {
    const names = 'MLFLOW_TRACKING_URI or MLFLOW_TRACKING_TOKEN';
    throw new SlipwayError('configuration_invalid', {
      what: `${names} cannot be used: ${error instanceof Error ? error.message.replace(/\.$/, '') : ''}`,
      cause: error,
    });
  }
  const timeoutMs = readTimeout(variables['MLFLOW_HTTP_REQUEST_TIMEOUT']);
  return { trackingUri, authentication, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

/** Seconds, as Python's client has them. */
function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3_600) return seconds * 1_000;
  throw new SlipwayError('configuration_invalid', {
    what: 'MLFLOW_HTTP_REQUEST_TIMEOUT cannot be used',
    expected: 'seconds, more than 0 and at most 3600',
  });
}

function readAuthentication(variables: Variables): MlflowAuthentication | undefined {
  const username = variables['MLFLOW_TRACKING_USERNAME'] || undefined;
  const password = variables['MLFLOW_TRACKING_PASSWORD'] || undefined;
  const token = variables['MLFLOW_TRACKING_TOKEN'] || undefined;
  if (username !== undefined && password !== undefined) return { kind: 'basic', username, password };
  if (username !== undefined || password !== undefined) {
    throw new SlipwayError('configuration_invalid', {
      what: 'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD belong together, and one is not set',
    });
  }
  return token === undefined ? undefined : { kind: 'bearer', token };
}
