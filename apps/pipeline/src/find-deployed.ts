import type { DeploymentContext } from '@slipway/deployment';
import { registeredName } from '@slipway/registry-client';

/** Those of these models whose `production` points at a version. Asks the registry once for each. */
export async function findDeployed(
  { registry, environment }: Pick<DeploymentContext, 'registry' | 'environment'>,
  models: readonly string[],
): Promise<readonly string[]> {
  const served = await Promise.all(
    models.map((model) => registry.findVersionByAlias(registeredName(model, environment), 'production')),
  );
  return models.filter((_, place) => served[place] !== undefined);
}
