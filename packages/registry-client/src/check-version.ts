import { registryRejected } from './registry-rejected.ts';

/** Checks a version number: a text of decimal digits, 1 to 2147483647, no leading zero. @throws SlipwayError `registry_rejected` */
export function checkVersion(version: unknown): asserts version is string {
  const isNumber =
    typeof version === 'string' && /^[1-9]\d{0,9}$/.test(version) && Number(version) <= 2_147_483_647;
  if (isNumber) return;
  throw registryRejected({
    field: 'version',
    reason: typeof version === 'string' ? 'pattern' : 'type',
    what: 'A version is not a number written as a text',
    expected: 'digits, such as "3"',
  });
}
