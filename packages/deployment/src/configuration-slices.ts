import { digestOf, type Digest } from '@slipway/contracts';
import { fitVersionsOf } from '@slipway/models';
import type { ModelDefinition } from './model-definition.ts';

/** The parts of a configuration that decide which model comes out: a change in one means another model. */
export interface TrainingInputs {
  readonly featureTable: string;
  readonly target: string;
  readonly features: readonly string[];
  readonly split: ModelDefinition['split'];
  readonly preprocessing: ModelDefinition['preprocessing'];
  readonly estimator: ModelDefinition['estimator'];
  readonly targetTransform: ModelDefinition['targetTransform'];
  readonly fitVersions: Readonly<Record<string, number>>;
}

/** The training inputs of a configuration. Gate and monitoring are not among them: they decide about a model, not which. */
export function trainingInputsOf(model: ModelDefinition): TrainingInputs {
  const { featureTable, target, features, split, preprocessing, estimator, targetTransform } = model;
  const fitVersions = fitVersionsOf({ preprocessing, estimator });
  return { featureTable, target, features, split, preprocessing, estimator, targetTransform, fitVersions };
}

/** Identifies one attempt: the training inputs and the watermark the data is read at. */
export function inputsDigest(inputs: TrainingInputs, watermark: number): Digest {
  return digestOf({ inputs, watermark });
}

/**
 * What differs between two stored configurations, a line per leaf.
 * @example describeChanges({ estimator: { seed: 41 } }, { estimator: { seed: 42 } }) // => ['estimator.seed 41 -> 42']
 */
export function describeChanges(before: unknown, after: unknown, path = ''): string[] {
  if (isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      describeChanges(member(before, key), member(after, key), path === '' ? key : `${path}.${key}`),
    );
  }
  const [old, fresh] = [JSON.stringify(before), JSON.stringify(after)];
  return old === fresh ? [] : [`${path} ${old ?? 'absent'} -> ${fresh ?? 'absent'}`];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function member(container: object, key: string): unknown {
  return (container as Record<string, unknown>)[key];
}
