import { checkIdentifier, checkModelName, parseConfiguration, SlipwayError } from '@slipway/contracts';
import { splitSchema } from '@slipway/datasets';
import { monitoringSchema } from '@slipway/drift';
import { gateSchema } from '@slipway/evaluation';
import { preprocessingSchema, targetTransformSchema } from '@slipway/models';
import { estimatorSchema } from '@slipway/training';
import { z } from 'zod';

/** What a data scientist edits: one model, composed of the slices that the packages own. */
export const modelDefinitionSchema = z.strictObject({
  /** People type this name; it is also the experiment and the registered model (with the environment). */
  name: z.string(),
  owner: z.string().min(1),
  description: z.string().max(5_000).optional(),
  featureTable: z.string(),
  target: z.string(),
  /** Columns the model sees, in signature order. */
  features: z.array(z.string()).min(1),
  split: splitSchema,
  preprocessing: preprocessingSchema.default([]),
  estimator: estimatorSchema,
  /** `log`: fit on log(target) and undo it in the model; the target must be positive. @default 'none' */
  targetTransform: targetTransformSchema.default('none'),
  gate: gateSchema,
  monitoring: monitoringSchema.prefault({}),
});

export type ModelDefinition = z.output<typeof modelDefinitionSchema>;
export type ModelDefinitionInput = z.input<typeof modelDefinitionSchema>;

/**
 * Checks a model configuration and fills in defaults.
 * @throws SlipwayError `configuration_invalid` naming every problem; unknown keys come with the nearest right one
 */
export function defineModel(definition: ModelDefinitionInput): ModelDefinition {
  const name = typeof definition?.name === 'string' ? ` "${definition.name}"` : '';
  const noun = `model configuration${name}`;
  const model = parseConfiguration(modelDefinitionSchema, noun, definition) as ModelDefinition;
  checkModelName(model.name);
  checkFeatures(model, noun);
  checkIdentifier(model.featureTable, `featureTable of the ${noun}`);
  return model;
}

/** A target among the features would let the model read its answer; a feature twice would count twice. */
function checkFeatures({ target, features }: ModelDefinition, noun: string): void {
  const repeated = features.find((name, index) => features.indexOf(name) !== index);
  const problem = features.includes(target)
    ? `the target "${target}" is among the features`
    : repeated === undefined
      ? undefined
      : `the feature "${repeated}" comes twice`;
  if (problem === undefined) return;
  throw new SlipwayError('configuration_invalid', { what: `The ${noun} is not valid: ${problem}` });
}
