import { isPathTrick } from './check-key.ts';
import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';

/**
 * Checks the path of a file inside a run or model: relative, `/` between parts, no `.` or `..` part,
 * no backslash, and no `#` or `?`, which some servers refuse or cut at. At most 500 characters.
 * @throws SlipwayError `registry_rejected`
 */
export function checkArtifactPath(path: unknown, field = 'path'): asserts path is string {
  checkText(path, { field, minimum: 1, maximum: registryLimits.artifactPathLength });
  if (!isPathTrick(path) && !/[\\#?\p{Cc}]/u.test(path) && !/^[a-z][\w+.-]*:/i.test(path)) return;
  throw registryRejected({
    field,
    reason: 'pattern',
    what: 'An artifact path is not allowed',
    expected: 'a relative path without ".." parts, backslash, "#" or "?", such as reports/evaluation.html',
  });
}
