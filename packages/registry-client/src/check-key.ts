import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';

const characters = /^[/\p{L}\p{N}_.\- :]+$/u;

/**
 * Checks the key of a param, metric or tag as MLflow does: letters, digits, `_ . - space : /`, and no path tricks
 * (it may become a file name: no leading or doubled slash, no `.` or `..` part).
 * @throws SlipwayError `registry_rejected`
 */
export function checkKey(
  key: unknown,
  field: string,
  maximum: number = registryLimits.keyLength,
): asserts key is string {
  checkText(key, { field, minimum: 1, maximum });
  if (characters.test(key) && !isPathTrick(key)) return;
  throw registryRejected({
    field,
    reason: 'pattern',
    what: `${field} has a character or path part that is not allowed`,
    expected: 'letters, digits, underscores, dots, dashes, spaces, colons and single slashes between parts',
  });
}

/** True when the text is not its own normalised relative path. */
export function isPathTrick(path: string): boolean {
  return (
    path.startsWith('..') || path.split('/').some((part) => part === '' || part === '.' || part === '..')
  );
}
