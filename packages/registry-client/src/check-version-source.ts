import { checkText } from './check-text.ts';
import { registryLimits } from './registry-limits.ts';
import { registryRejected } from './registry-rejected.ts';
import type { CreateModelVersionOptions } from './model-registry.ts';

/**
 * Checks where a version's files lie, as MLflow 3.x does: `models:/m-...` and `modelId` name the same;
 * no relative path, no `..`. Without a source there must be a `modelId`.
 * @throws SlipwayError `registry_rejected`
 */
export function checkVersionSource({ source, modelId }: CreateModelVersionOptions): void {
  if (modelId !== undefined) checkText(modelId, { field: 'modelId', minimum: 1, maximum: 250 });
  if (source === undefined) {
    if (modelId !== undefined) return;
    throw registryRejected({
      field: 'source',
      reason: 'pattern',
      what: 'A version needs a source or a modelId',
    });
  }
  checkText(source, { field: 'source', minimum: 1, maximum: registryLimits.sourceLength });
  const isLocation = /^[a-z][\w+.-]*:\//i.test(source) && !/(^|[/\\])(\.|%2e){2}([/\\]|$)/i.test(source);
  if (!isLocation) {
    const expected = 'a URI such as models:/m-..., without ".."';
    throw registryRejected({
      field: 'source',
      reason: 'pattern',
      what: 'A version source is not allowed',
      expected,
    });
  }
  const isOfModel = modelId !== undefined || source.startsWith('models:/m-');
  if (isOfModel && source !== `models:/${modelId}`) {
    const what = 'A version source and modelId name different places: a logged model has its files in itself';
    throw registryRejected({ field: 'modelId', reason: 'conflict', what });
  }
}
