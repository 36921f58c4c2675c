import { SlipwayError } from '@slipway/contracts';
import type { MlflowAuthentication } from './mlflow-connection-options.ts';

/** A tracking URI taken apart: what may be shown, and what may not. */
export interface TrackingAddress {
  /** Origin and path prefix, without user, query and trailing slash. */
  readonly url: string;
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
}

/** @throws SlipwayError `invalid_argument`; its message never has the URI, which may carry a password */
export function parseTrackingAddress(
  trackingUri: string,
  authentication?: MlflowAuthentication,
): TrackingAddress {
  const parsed = URL.parse(trackingUri);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new SlipwayError('invalid_argument', {
      what: 'The tracking URI is not the address of an MLflow server',
      expected: 'http:// or https://, such as http://127.0.0.1:5000',
      received: parsed === null ? 'a text that is no URL' : `the scheme "${parsed.protocol}"`,
      next: 'Start one with "mlflow server" and give its address',
    });
  }
  return {
    url: parsed.origin + parsed.pathname.replace(/\/+$/, ''),
    authorization: authorizationHeader(authentication ?? authenticationOf(parsed)),
  };
}

function authenticationOf({ username, password }: URL): MlflowAuthentication | undefined {
  if (username === '' && password === '') return undefined;
  return { kind: 'basic', username: decode(username), password: decode(password) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function authorizationHeader(authentication: MlflowAuthentication | undefined): string | undefined {
  if (authentication === undefined) return undefined;
  if (authentication.kind === 'basic') {
    const { username, password } = authentication;
    return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  }
  // fetch quotes a header it refuses in its error: a token with a line end would be shown.
  if (/^[\x21-\x7e]+$/.test(authentication.token)) return `Bearer ${authentication.token}`;
  throw new SlipwayError('invalid_argument', {
    what: 'The token has characters that no HTTP header may have',
    expected: 'visible ASCII characters, without spaces and line ends',
  });
}
