import { SlipwayError } from '@slipway/contracts';
import { causeCode, type Attempt } from './attempt-request.ts';
import { isFileWrite, isRepeatable, type MlflowRequest } from './mlflow-request.ts';
import { isProxyOff, proxyOffError } from './proxy-off.ts';

interface Occasion {
  readonly request: MlflowRequest;
  /** Without credentials. */
  readonly url: string;
  readonly isAuthenticated: boolean;
  readonly timeoutMs: number;
}

const moreTime = 'A slow one gets more time with MLFLOW_HTTP_REQUEST_TIMEOUT, in seconds (option timeoutMs)';

/** The error of an attempt that brought no answer of MLflow's. Says what failed, where, and what to do about it. */
export function attemptError(attempt: Attempt, occasion: Occasion): SlipwayError {
  return attempt.kind === 'failed' ? unreachable(attempt, occasion) : strangeAnswer(attempt, occasion);
}

function unreachable(
  { reason, cause }: Extract<Attempt, { kind: 'failed' }>,
  { request, url, timeoutMs }: Occasion,
): SlipwayError {
  const code = causeCode(cause);
  const received = {
    unsent: `no connection${code === undefined ? '' : ` (${code})`}`,
    cut: 'a connection that ended before the answer was complete',
    timeout: `no complete answer within ${timeoutMs} ms`,
  }[reason];
  const mayBeDone = reason !== 'unsent' && !isRepeatable(request);
  const check = mayBeDone
    ? 'It may have been done all the same: look before you ask again'
    : 'Check that the server runs and can be reached from here';
  return new SlipwayError('registry_unavailable', {
    what: `${sentence(request.action)} failed: the tracking server at ${url} does not answer`,
    received,
    next: reason === 'timeout' ? `${check}. ${moreTime}` : check,
    details: { url, reason, mayBeDone },
    cause,
    isRetryable: true,
  });
}

function strangeAnswer(
  attempt: Extract<Attempt, { kind: 'answered' }>,
  { request, url, isAuthenticated }: Occasion,
): SlipwayError {
  const { status, headers, body } = attempt;
  const what = `${sentence(request.action)} failed at the tracking server ${url}`;
  const details = { url, status };
  const unavailable = (received: string, next: string, isRetryable = false): SlipwayError =>
    new SlipwayError('registry_unavailable', { what, received, next, details, isRetryable });
  const isMarkup = /html/i.test(headers.get('content-type') ?? '');
  if (status === 0 || (status >= 300 && status < 400)) {
    return unavailable('a redirect', 'Give the address it leads to, with https and path prefix');
  }
  if (status === 403 && /invalid host header/i.test(textOf(body))) {
    return unavailable(
      'HTTP 403: the server does not accept this host name',
      'Start it with --allowed-hosts (MLFLOW_SERVER_ALLOWED_HOSTS) naming this host and port, or use an address it accepts',
    );
  }
  if (status === 401 || status === 403) {
    return new SlipwayError('registry_auth_failed', {
      what,
      expected: isAuthenticated ? 'a user with the right to do this' : 'a user and password, or a token',
      received: `HTTP ${status}`,
      next: isAuthenticated
        ? 'Check user, password or token, and the permissions of that user'
        : 'Give the client a user and password, or a token',
      details,
    });
  }
  if (status === 429) {
    return unavailable('HTTP 429: too many requests', 'Ask again later, or send less at once', true);
  }
  if (request.limit === 'file' && isProxyOff(attempt)) return proxyOffError(what);
  if (status >= 500 || status === 408) {
    return unavailable(`HTTP ${status}`, nextOfOutage(request, status), true);
  }
  const received = `HTTP ${status}${isMarkup ? ' with a web page' : " with an answer that is not MLflow's"}`;
  return unavailable(
    received,
    'This is not an MLflow server, or not its address: check host, port and path prefix',
  );
}

/** A server that is well otherwise cannot write where it keeps its files: MLflow answers 500 and says no more. */
function nextOfOutage(request: MlflowRequest, status: number): string {
  return isFileWrite(request) && status === 500
    ? "Look at the server's artifact storage, which may be full or read-only, and at its log; ask again later"
    : 'Look at the log of the server; ask again later';
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, 1_000));
}

function sentence(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}
