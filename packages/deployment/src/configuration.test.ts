import { describe, expect, it } from 'vitest';
import { defineModel, describeChanges, trainingInputsOf, type ModelDefinitionInput } from './index.ts';

const definition: ModelDefinitionInput = {
  name: 'square',
  owner: 'docs',
  featureTable: 'squares',
  target: 'y',
  features: ['x'],
  split: { kind: 'random', testShare: 0.25, seed: 7 },
  estimator: { family: 'random-forest', seed: 42, params: { nEstimators: 10 } },
  gate: { metric: 'rmse', threshold: 5 },
};

describe('defineModel', () => {
  it('fills in defaults, and takes its own result again', () => {
    const model = defineModel(definition);
    expect(model).toMatchObject({
      preprocessing: [],
      targetTransform: 'none',
      gate: { rule: 'better', minimumRows: 30 },
      monitoring: { alpha: 0.01, minimumPsi: 0.2, alert: { of: 3, violating: 2 } },
    });
    expect(defineModel(model)).toEqual(model);
  });

  it.each([
    [{ featureTabel: 'x' }, /"featureTabel" is not a key here, did you mean "featureTable"/],
    [
      { estimator: { ...definition.estimator, sead: 1 } },
      /"estimator.sead" is not a key here, did you mean "seed"/,
    ],
    [
      { gate: { metric: 'rmse', treshold: 5 } },
      /"gate.treshold" is not a key here, did you mean "threshold"/,
    ],
    [{ split: { kind: 'random', testShare: 1, seed: 7 } }, /"split.testShare"/],
    [{ estimator: { family: 'forest', seed: 1 } }, /"estimator.family"/],
    [{ features: [] }, /"features"/],
    [{ features: ['x', 'y'] }, /target "y" is among the features/],
    [{ features: ['x', 'x'] }, /feature "x" comes twice/],
    [{ name: 'Square Root' }, /model name/],
    [{ monitoring: { alert: { of: 2, violating: 3 } } }, /violating must be at most of/],
  ])('refuses %j', (change, message) => {
    const define = (): unknown => defineModel({ ...definition, ...change } as ModelDefinitionInput);
    expect(define).toThrow(message);
    expect(define).toThrow(expect.objectContaining({ code: 'configuration_invalid' }));
  });
});

describe('training inputs', () => {
  const inputs = (change: object): unknown =>
    JSON.parse(JSON.stringify(trainingInputsOf(defineModel({ ...definition, ...change }))));

  it('change with what decides which model comes out, leaf by leaf', () => {
    const seed = { estimator: { ...definition.estimator, seed: 43 } };
    expect(describeChanges(inputs({}), inputs(seed))).toEqual(['estimator.seed 42 -> 43']);
    expect(describeChanges(inputs({}), inputs({ features: ['x', 'z'] }))).toEqual([
      'features.1 absent -> "z"',
    ]);
  });

  it('do not change with owner, description, gate or monitoring', () => {
    const others = { owner: 'x', description: 'y', gate: { metric: 'mae' }, monitoring: { alpha: 0.05 } };
    expect(describeChanges(inputs({}), inputs(others))).toEqual([]);
  });
});
