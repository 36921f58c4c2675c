import { registryRejected } from './registry-rejected.ts';

/** Checks a safe integer within a range, ends included. @throws SlipwayError `registry_rejected` */
export function checkWholeNumber(
  value: unknown,
  field: string,
  {
    minimum = Number.MIN_SAFE_INTEGER,
    maximum = Number.MAX_SAFE_INTEGER,
  }: { minimum?: number; maximum?: number } = {},
): void {
  if (Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum) return;
  throw registryRejected({
    field,
    reason: typeof value === 'number' ? 'range' : 'type',
    what: `${field} is out of range`,
    expected: `a whole number from ${minimum} to ${maximum}`,
  });
}
