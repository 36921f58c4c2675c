import { checkText } from './check-text.ts';
import { checkTexts } from './check-texts.ts';
import type { DatasetInput } from './dataset-input.ts';
import { registryLimits as limits } from './registry-limits.ts';

/** Checks one dataset input; a digest has at most 36 characters. @throws SlipwayError `registry_rejected` */
export function checkDatasetInput(input: DatasetInput): void {
  checkText(input.name, { field: 'name', minimum: 1, maximum: limits.datasetNameLength });
  checkText(input.digest, { field: 'digest', minimum: 1, maximum: limits.datasetDigestLength });
  checkText(input.source, { field: 'source', minimum: 1, maximum: limits.datasetSourceLength });
  checkText(input.sourceType, { field: 'sourceType', minimum: 1, maximum: limits.datasetSourceTypeLength });
  if (input.schema !== undefined)
    checkText(input.schema, { field: 'schema', maximum: limits.datasetSchemaLength });
  if (input.profile !== undefined)
    checkText(input.profile, { field: 'profile', maximum: limits.datasetProfileLength });
  checkTexts(input.tags, {
    field: 'tags',
    keyLength: limits.inputTagKeyLength,
    valueLength: limits.inputTagValueLength,
  });
}
