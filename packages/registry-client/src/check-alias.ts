import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';

const characters = /^[\p{L}\p{N}_-]+$/u;

/**
 * Checks an alias: letters, digits, `_` and `-`, case-sensitive, at most 255. `latest` (in any case) and `v<digits>`
 * are MLflow's own; a bare number, which MLflow takes, is refused too, as it reads like a version.
 * @throws SlipwayError `registry_rejected`
 */
export function checkAlias(alias: unknown): asserts alias is string {
  checkText(alias, { field: 'alias', minimum: 1, maximum: registryLimits.aliasLength });
  if (characters.test(alias) && alias.toLowerCase() !== 'latest' && !/^v?\d+$/i.test(alias)) return;
  throw registryRejected({
    field: 'alias',
    reason: 'pattern',
    what: 'An alias is not allowed',
    expected:
      'letters, digits, underscores and dashes; not "latest" and nothing that reads like a version number',
  });
}
