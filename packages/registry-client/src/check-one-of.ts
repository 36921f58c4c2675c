import { registryRejected } from './registry-rejected.ts';

/** Checks that a value is one of a few texts: MLflow ignores an unknown state with 200. @throws SlipwayError `registry_rejected` */
export function checkOneOf(value: unknown, field: string, allowed: readonly string[]): void {
  if (typeof value === 'string' && allowed.includes(value)) return;
  throw registryRejected({
    field,
    reason: 'pattern',
    what: `${field} is unknown`,
    expected: allowed.join(', '),
  });
}
