import { SlipwayError, type ErrorCode } from '@slipway/contracts';

/** HTTP status of an error that reaches a client: what the client did is 4xx, what we lack is 5xx. */
const statuses: Partial<Record<ErrorCode, number>> = {
  request_invalid: 400,
  value_unsupported: 400,
  schema_mismatch: 400,
  model_unknown: 404,
  model_version_not_found: 404,
  model_not_ready: 503,
  overloaded: 503,
  registry_unavailable: 503,
  registry_auth_failed: 503,
  database_unreachable: 503,
};

/** Status, code and message for a client; what we did not foresee is a 500 without its text. */
export function describeError(error: unknown): {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
} {
  if (SlipwayError.isInstance(error)) {
    const status = statuses[error.code] ?? 500;
    return { status, code: error.code, message: error.message, details: error.details };
  }
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: 'request_invalid', message: message ?? 'Bad request', details: {} };
  }
  return { status: 500, code: 'unexpected', message: 'Something unexpected happened.', details: {} };
}
