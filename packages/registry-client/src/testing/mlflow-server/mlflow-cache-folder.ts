import { join } from 'node:path';

/** Where the suites keep MLflow: under XDG_CACHE_HOME when it is set, else `ensureMlflow`'s default. */
export function mlflowCacheFolder(
  variables: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const cache = variables['XDG_CACHE_HOME'];
  return cache === undefined || cache === '' ? undefined : join(cache, 'slipway');
}
