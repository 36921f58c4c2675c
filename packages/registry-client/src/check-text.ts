import { registryRejected } from './registry-rejected.ts';

interface TextRule {
  readonly field: string;
  /** Greatest length in code points. */
  readonly maximum: number;
  /** @default 0 */
  readonly minimum?: number;
}

/**
 * Checks that a value is a text within its length, without NUL and lone surrogates. Types are checked too:
 * a number where MLflow expects a text empties the field and everything after it, and answers 200.
 * @throws SlipwayError `registry_rejected`
 */
export function checkText(
  value: unknown,
  { field, maximum, minimum = 0 }: TextRule,
): asserts value is string {
  const expected = `a text of ${minimum} to ${maximum} characters`;
  if (typeof value !== 'string') {
    throw registryRejected({
      field,
      reason: 'type',
      what: `${field} is not a text`,
      expected,
      received: typeof value,
    });
  }
  if (!value.isWellFormed() || value.includes('\0')) {
    throw registryRejected({ field, reason: 'pattern', what: `${field} has a NUL or a lone surrogate` });
  }
  const length = value.length <= maximum ? value.length : countCodePoints(value);
  if (length > maximum) {
    throw registryRejected({
      field,
      reason: 'too_long',
      what: `${field} is too long`,
      expected,
      received: `${length}`,
    });
  }
  if (length < minimum) {
    throw registryRejected({ field, reason: 'pattern', what: `${field} is empty`, expected });
  }
}

/** Python and Postgres count code points, JavaScript's `length` counts UTF-16 units. */
function countCodePoints(value: string): number {
  return Array.from(value).length;
}
