import { createHash } from 'node:crypto';
import type { MlflowRequest } from './mlflow-request.ts';

/** What one attempt came to. */
export type Attempt =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Headers;
      readonly body: Uint8Array;
    }
  | {
      readonly kind: 'failed';
      /** `unsent`: no connection, so nothing can have been done. `cut`: it may have been done. */
      readonly reason: 'unsent' | 'cut' | 'timeout';
      readonly cause: unknown;
    };

export interface AttemptOptions {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Sends a request once and reads the whole answer within the time limit. Rejects only when the caller aborted. */
export async function attemptRequest(request: MlflowRequest, options: AttemptOptions): Promise<Attempt> {
  const { url, fetch, timeoutMs, signal } = options;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(`${url}/${request.path}${queryOf(request)}`, {
      method: request.method,
      headers: headersOf(request, options),
      body: bodyOf(request),
      // A redirected POST would arrive as a GET, and a login page would answer 200.
      redirect: 'manual',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    const isHashed = request.bodyAs === 'sha256' && response.ok;
    const body = isHashed ? await hashBody(response) : new Uint8Array(await response.arrayBuffer());
    return { kind: 'answered', status: response.status, headers: response.headers, body };
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    if (limit.aborted) return { kind: 'failed', reason: 'timeout', cause };
    return { kind: 'failed', reason: isUnsent(cause) ? 'unsent' : 'cut', cause };
  }
}

/** The sha256 of a body that need not fit into memory. */
async function hashBody({ body }: Response): Promise<Uint8Array> {
  const hash = createHash('sha256');
  if (body !== null) for await (const chunk of body) hash.update(chunk);
  return hash.digest();
}

function queryOf({ query = {} }: MlflowRequest): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.append(key, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function headersOf({ body }: MlflowRequest, { authorization }: AttemptOptions): Record<string, string> {
  return {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function bodyOf({ body, content }: MlflowRequest): string | Uint8Array<ArrayBuffer> | undefined {
  if (body !== undefined) return JSON.stringify(body);
  return content as Uint8Array<ArrayBuffer> | undefined;
}

/** Codes of Node's resolver, sockets and fetch for a connection that never came to be. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function isUnsent(error: unknown): boolean {
  const code = causeCode(error);
  return code !== undefined && unsentCodes.has(code);
}

/** The system's code of a network failure, such as ECONNREFUSED. */
export function causeCode(error: unknown): string | undefined {
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 4; depth += 1) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (typeof code === 'string') return code;
    at = cause;
  }
  return undefined;
}
