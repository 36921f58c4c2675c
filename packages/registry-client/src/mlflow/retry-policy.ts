import type { Attempt } from './attempt-request.ts';
import { isFileRead, isRepeatable, type MlflowRequest } from './mlflow-request.ts';
import { isProxyOff } from './proxy-off.ts';
import { readRefusal } from './read-refusal.ts';

/** Milliseconds; a server that asks for more patience than this gets an error instead. */
const longestWaitMs = 60_000;

/**
 * True when the request may be sent again. What is not repeatable goes a second time only when the first cannot have
 * done anything: no connection, or turned away by a rate limit.
 */
export function mayRetry(request: MlflowRequest, attempt: Attempt): boolean {
  if (attempt.kind === 'failed') return attempt.reason === 'unsent' || isRepeatable(request);
  const { status } = attempt;
  if (status === 429) return true;
  if (status === 400) return isLostRace(attempt) && (request.mayRepeatRefusal ?? isRepeatable(request));
  if (isFileRead(request) && status === 500) return false;
  if (request.limit === 'file' && isProxyOff(attempt)) return false;
  return isRepeatable(request) && [408, 500, 502, 503, 504].includes(status);
}

/**
 * MLflow answers 400 `BAD_REQUEST` for trouble inside its database: two first writes at once, no connection free, a
 * locked file. A metric of a logged model that is there with another value, or a model that is not there, looks alike
 * and will not change.
 */
function isLostRace(attempt: Extract<Attempt, { kind: 'answered' }>): boolean {
  const refusal = readRefusal(attempt);
  if (refusal?.errorCode !== 'BAD_REQUEST') return false;
  if (/logged_model_metrics/.test(refusal.message)) return false;
  return /UNIQUE constraint|unique constraint|Duplicate entry|QueuePool|locked|deadlock|serializ|OperationalError/i.test(
    refusal.message,
  );
}

/**
 * Milliseconds to wait before attempt `count + 1`: what the server asked for (`Retry-After`, seconds or a date), else
 * 0.25 s doubled each time up to 8 s, of which a random half. `undefined`: the server asks for more than a minute.
 * `isAsked` tells the two apart.
 */
export function retryDelay(
  attempt: Attempt,
  { count, now, random }: { count: number; now: number; random: number },
): { readonly ms: number; readonly isAsked: boolean } | undefined {
  const asked = attempt.kind === 'answered' ? retryAfterMs(attempt.headers, now) : undefined;
  if (asked === undefined)
    return { ms: Math.min(8_000, 250 * 2 ** (count - 1)) * (0.5 + random / 2), isAsked: false };
  return asked <= longestWaitMs ? { ms: asked, isAsked: true } : undefined;
}

function retryAfterMs(headers: Headers, now: number): number | undefined {
  const header = headers.get('retry-after');
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
