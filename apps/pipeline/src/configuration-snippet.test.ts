import { estimatorSchema } from '@slipway/training';
import { describe, expect, it } from 'vitest';
import { configurationSnippet } from './configuration-snippet.ts';

const estimator = estimatorSchema.parse({
  family: 'random-forest',
  seed: 42,
  params: { nEstimators: 100, minNumSamples: 2 },
});
const configuration = {
  features: ['a', "b'"],
  preprocessing: [],
  estimator,
  targetTransform: 'log',
} as const;

describe('the snippet of a configuration', () => {
  it('has the parts that were changed, without what is the default', () => {
    expect(configurationSnippet(configuration, { 'estimator.params.minNumSamples': 2 })).toEqual([
      "estimator: { family: 'random-forest', seed: 42, params: { nEstimators: 100, minNumSamples: 2 } },",
    ]);
    const linear = { ...configuration, estimator: { family: 'linear' } };
    expect(configurationSnippet(linear, { 'estimator.family': 'linear', features: [] })).toEqual([
      "estimator: { family: 'linear' },",
      `features: [ 'a', "b'" ],`,
    ]);
    const bare = { ...configuration, estimator: estimatorSchema.parse({ family: 'polynomial' }) };
    expect(configurationSnippet(bare, { 'estimator.params.degree': 2 })).toEqual([
      "estimator: { family: 'polynomial' },",
    ]);
  });

  it('is all of it, however long', () => {
    const features = Array.from({ length: 150 }, (_, column) => `column_${column}`);
    const text = configurationSnippet({ ...configuration, features }, { features }).join('\n');
    // It is TypeScript: an object with these parts.
    expect(new Function(`return { ${text} }`)()).toEqual({ features });
  });
});
