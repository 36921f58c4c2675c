import type { SlipwayError } from '@slipway/contracts';
import { registryRejected } from '../registry-rejected.ts';
import type { Attempt } from './attempt-request.ts';

/** True for the 503 of a server that runs with `--no-serve-artifacts`: it will not change by asking again. */
export function isProxyOff({ status, body }: Extract<Attempt, { kind: 'answered' }>): boolean {
  return status === 503 && /serve-artifacts/.test(new TextDecoder().decode(body.subarray(0, 1_000)));
}

/** @param what the sentence that says which call failed, or which files are meant */
export function proxyOffError(what: string): SlipwayError {
  return registryRejected({
    field: 'trackingUri',
    reason: 'pattern',
    what,
    expected: 'a server that passes files through (mlflow-artifacts:/...)',
    received: 'one whose clients write to its storage themselves',
    next: 'Start it with --serve-artifacts and --artifacts-destination, and use a new experiment',
  });
}
