import { isPathTrick } from './check-key.ts';
import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';

/**
 * Checks the path of a file inside a run or model: relative, `/` between parts, no `.` or `..` part,
 * no backslash, no `#` or `?`, which some servers refuse or cut at, and nothing that reads as percent-encoded, which
 * MLflow decodes twice (`a%41` becomes `aA`). At most 500 characters.
 * @throws SlipwayError `registry_rejected`
 */
export function checkArtifactPath(path: unknown, field = 'path'): asserts path is string {
  checkText(path, { field, minimum: 1, maximum: registryLimits.artifactPathLength });
  if (!isPathTrick(path) && !/[\\#?\p{Cc}]|%[0-9a-f]{2}/iu.test(path) && !/^[a-z][\w+.-]*:/i.test(path))
    return;
  throw registryRejected({
    field,
    reason: 'pattern',
    what: 'An artifact path is not allowed',
    expected:
      'a relative path without ".." parts, backslash, "#", "?" or "%41", such as reports/evaluation.html',
  });
}
