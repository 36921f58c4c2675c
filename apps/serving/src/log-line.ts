import { SlipwayError } from '@slipway/contracts';
import type { FollowEvent } from '@slipway/serving';

/** One JSON line about a followed model, for the process log. Never a secret, never a value of a request. */
export function followLine(event: FollowEvent): string {
  const { kind, model } = event;
  if (kind === 'swapped') {
    return JSON.stringify({ event: kind, model, from: event.from, to: event.to, run: event.runId });
  }
  if (kind === 'cached') return JSON.stringify({ event: kind, model, version: event.version });
  if (kind === 'unset') {
    return JSON.stringify({ event: kind, model, alias: event.alias, serving: event.serving });
  }
  return JSON.stringify({ event: kind, model, version: event.version, ...describeFailure(event.error) });
}

/** Code and message of a failure. */
export function describeFailure(error: unknown): { code: string; message: string } {
  if (SlipwayError.isInstance(error)) return { code: error.code, message: error.message };
  const { code = 'unexpected', message } = error as { code?: string; message?: string };
  return { code, message: message ?? 'unknown' };
}
