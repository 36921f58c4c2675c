import { SlipwayError } from '@slipway/contracts';
import { registeredName, type ModelVersion } from '@slipway/registry-client';
import type { DeploymentContext } from './deployment-context.ts';

/**
 * The version of a model that an alias or number names.
 * @throws SlipwayError `model_version_not_found`
 */
export async function findVersion(
  { registry, environment }: Pick<DeploymentContext, 'registry' | 'environment'>,
  { model, selector }: { readonly model: string; readonly selector: string },
): Promise<ModelVersion> {
  const name = registeredName(model, environment);
  if (/^\d+$/.test(selector)) return registry.getModelVersion(name, selector);
  const version = await registry.findVersionByAlias(name, selector);
  if (version !== undefined) return version;
  throw new SlipwayError('model_version_not_found', {
    what: `${name} has no version behind that alias`,
    expected: 'production, previous, or a version number',
    received: JSON.stringify(selector),
    next: 'Run "slipway status" to see what exists',
  });
}
