import { SlipwayError } from '@slipway/contracts';
import type { Violation } from '@slipway/features';
import { describeViolations } from './describe-violations.ts';
import { escapeControls } from './escape-controls.ts';
import { errorExitCodes, exitCode, type ExitCode } from './exit-code.ts';

/** One failure in the words of the command line. */
export interface FailureReport {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  readonly document: {
    readonly outcome: 'failed';
    readonly code: string;
    readonly message: string;
    readonly details: unknown;
  };
}

/**
 * Turns anything thrown into one message, an exit code and a JSON document; the stack only when asked for.
 * @param options.goesOn the verb that failed goes on where it stopped
 */
export function reportFailure(
  error: unknown,
  { verbose, goesOn = false }: { verbose: boolean; goesOn?: boolean },
): FailureReport {
  const known = SlipwayError.isInstance(error);
  const message = goesOn ? sayRunAgain(error) : messageOf(error);
  const code = known ? error.code : 'unexpected';
  const details = known ? error.details : {};
  const stack = verbose && error instanceof Error ? describeStack(error).split('\n') : [];
  const settings = describeSettings(code, details);
  const hint = known || verbose ? [] : ['Run it again with --verbose for the stack trace.'];
  return {
    exitCode: known ? errorExitCodes[error.code] : exitCode.unexpected,
    lines: [`${code}: ${message}`, ...settings, ...describeRefusal(details), ...stack, ...hint].map(
      escapeControls,
    ),
    document: { outcome: 'failed', code, message: [message, ...settings].join(' '), details },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A verb that goes on where it stopped finds what a cut request has done: nobody needs to look first. */
function sayRunAgain(error: unknown): string {
  const message = messageOf(error);
  if (!SlipwayError.isInstance(error) || error.details['mayBeDone'] !== true) return message;
  const { next = '' } = error;
  return `${message.slice(0, message.length - next.length).trimEnd()} Run it again: it goes on where it stopped.`;
}

/** Which variables name the server and the user that a failure is about. */
function describeSettings(code: string, details: Readonly<Record<string, unknown>>): string[] {
  if (details['url'] === undefined) return [];
  if (code === 'registry_unavailable') return ['The address is what MLFLOW_TRACKING_URI says.'];
  if (code !== 'registry_auth_failed') return [];
  return [
    'Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, for MLFLOW_TRACKING_URI.',
  ];
}

/** A refused batch lists every violated constraint with its count and sample keys. */
function describeRefusal({ violations }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(violations) ? describeViolations(violations as Violation[]) : [];
}

function describeStack(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${describeStack(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
