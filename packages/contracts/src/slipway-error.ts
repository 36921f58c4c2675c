import type { ErrorCode } from './error-code.ts';

const marker = Symbol.for('slipway.error');

/** The facts of a failure, in the order a person needs them. */
export interface SlipwayErrorFacts {
  /** What failed, as a sentence without its full stop. Never a secret, never a user's value. */
  readonly what: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What was found instead. */
  readonly received?: string;
  /** What to do next. */
  readonly next?: string;
  /** Machine-readable facts for `--json` and logs. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** True when the same call may succeed later. @default false */
  readonly isRetryable?: boolean;
}

/** The one error that Slipway packages throw. Match on `code`; print `message`. */
export class SlipwayError extends Error {
  override readonly name = 'SlipwayError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  /** What to do next: the end of the message, for a program that knows better. Undefined when nothing was said. */
  readonly next: string | undefined;
  readonly isRetryable: boolean;
  readonly [marker] = true;

  constructor(code: ErrorCode, facts: SlipwayErrorFacts) {
    super(composeMessage(facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.details = facts.details ?? {};
    this.next = facts.next === undefined ? undefined : asSentence(facts.next);
    this.isRetryable = facts.isRetryable ?? false;
  }

  /** Like `instanceof`, and true across two installed versions of this package. */
  static isInstance(error: unknown): error is SlipwayError {
    return typeof error === 'object' && error !== null && (error as { [marker]?: unknown })[marker] === true;
  }
}

function composeMessage({ what, expected, received, next }: SlipwayErrorFacts): string {
  const facts = [expected && `expected ${expected}`, received && `received ${received}`].filter(Boolean);
  const first = facts.length > 0 ? `${what}: ${facts.join(', ')}.` : `${what}.`;
  return next === undefined ? first : `${first} ${asSentence(next)}`;
}

function asSentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
