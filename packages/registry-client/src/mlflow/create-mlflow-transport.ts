import { setImmediate as turn, setTimeout as timer } from 'node:timers/promises';
import { SlipwayError } from '@slipway/contracts';
import { attemptError } from './attempt-error.ts';
import { attemptRequest, type Attempt } from './attempt-request.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import type { MlflowAnswer } from './mlflow-answer.ts';
import type { MlflowConnectionOptions } from './mlflow-connection-options.ts';
import { isFileRead, isRepeatable, type MlflowRequest } from './mlflow-request.ts';
import { readRefusal } from './read-refusal.ts';
import { mayRetry, retryDelay } from './retry-policy.ts';
import { parseTrackingAddress } from './tracking-address.ts';

/** Sends requests to one tracking server. */
export interface MlflowTransport {
  /** Origin and path prefix, without credentials. */
  readonly url: string;
  /**
   * Sends a request, again where that is safe. MLflow's refusals are answers; everything else rejects with
   * `registry_unavailable`, `registry_auth_failed`, or `aborted`.
   */
  send(request: MlflowRequest): Promise<MlflowAnswer>;
}

/** Milliseconds: a repeat with less would end as a timeout, and say less than the attempt before it. */
const leastAttemptMs = 500;

/** @throws SlipwayError `invalid_argument` for a tracking URI or token that cannot be used */
export function createMlflowTransport(options: MlflowConnectionOptions): MlflowTransport {
  const {
    fetch = globalThis.fetch,
    timeoutMs = 8_000,
    artifactTimeoutMs = 120_000,
    retries = 4,
    wait = (milliseconds, signal) => timer(milliseconds, undefined, { signal }),
    random = Math.random,
    now = Date.now,
    monotonicNow = () => performance.now(),
    maxConcurrency = 8,
    signal,
  } = options;
  const { url, authorization } = parseTrackingAddress(options.trackingUri, options.authentication);
  const limited = limitConcurrency(Math.min(8, Math.max(1, maxConcurrency)));

  async function attempt(request: MlflowRequest): Promise<{ last: Attempt; limitMs: number }> {
    const limitMs = request.limit === 'file' ? artifactTimeoutMs : timeoutMs;
    let leftMs = limitMs;
    // After long work in this thread, kept connections may have been closed unnoticed: let that be seen first, as a cut
    // connection leaves open whether a request that must not be sent twice was done.
    if (!isRepeatable(request)) await turn();
    for (let count = 1; ; count += 1) {
      const last = await limited(async () => {
        const begun = monotonicNow();
        const timeoutMs = Math.ceil(leftMs);
        const ended = await attemptRequest(request, { url, authorization, fetch, timeoutMs, signal });
        leftMs -= monotonicNow() - begun;
        return ended;
      });
      if (isDone(last) || count > retries || !mayRetry(request, last)) return { last, limitMs };
      const delay = retryDelay(last, { count, now: now(), random: random() });
      if (delay === undefined) return { last, limitMs };
      // Patience that the server asks for is an answer; the pauses of our own count, or five silences would add up.
      if (!delay.isAsked) leftMs -= delay.ms;
      if (leftMs < leastAttemptMs) return { last, limitMs };
      await wait(delay.ms, signal);
    }
  }

  async function send(request: MlflowRequest): Promise<MlflowAnswer> {
    const { last, limitMs } = await attempt(request).catch((error: unknown) => {
      throw signal?.aborted === true ? abortedError(request, error) : error;
    });
    const answer = toAnswer(last, request);
    if (answer !== undefined) return answer;
    const isAuthenticated = authorization !== undefined;
    throw attemptError(last, { request, url, isAuthenticated, timeoutMs: limitMs });
  }

  return { url, send };
}

function isDone(attempt: Attempt): boolean {
  return attempt.kind === 'answered' && attempt.status >= 200 && attempt.status < 300;
}

/** What MLflow answered; `undefined` when the answer is none of its own, or an outage. */
function toAnswer(attempt: Attempt, request: MlflowRequest): MlflowAnswer | undefined {
  if (attempt.kind === 'failed') return undefined;
  const { status, headers, body } = attempt;
  if (isDone(attempt)) {
    const length = headers.get('content-length');
    return {
      ok: true,
      status,
      contentType: headers.get('content-type') ?? '',
      body,
      contentLength: length === null || headers.has('content-encoding') ? undefined : Number(length),
    };
  }
  if ([401, 403, 408, 429].includes(status)) return undefined;
  if (status >= 500 && !(isFileRead(request) && status === 500)) return undefined;
  const refusal = readRefusal(attempt);
  if (refusal === undefined && request.isPlainRoute === true && status >= 400) {
    return { ok: false, status, errorCode: '', message: '' };
  }
  return refusal;
}

function abortedError(request: MlflowRequest, cause: unknown): SlipwayError {
  return new SlipwayError('aborted', { what: `The caller cancelled while ${request.action}`, cause });
}
