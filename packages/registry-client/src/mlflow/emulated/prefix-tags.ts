import { registryLimits } from '../../registry-limits.ts';
import { registryRejected } from '../../registry-rejected.ts';

/**
 * Params or tags of a logged model as tags of its run.
 * @throws SlipwayError `registry_rejected` (`too_long`) for a key that is too long with the prefix
 */
export function prefixTags(
  texts: Readonly<Record<string, string>>,
  { prefix, field }: { prefix: string; field: string },
): Record<string, string> {
  const room = registryLimits.keyLength - prefix.length;
  if (Object.keys(texts).some((key) => Array.from(key).length > room)) {
    throw registryRejected({
      field: `${field}.key`,
      reason: 'too_long',
      what: `A key among the ${field} of a logged model is too long for MLflow 2, which keeps it in a run tag`,
      expected: `at most ${room} characters`,
    });
  }
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [`${prefix}${key}`, value]));
}
