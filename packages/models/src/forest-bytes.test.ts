import { describe, expect, it } from 'vitest';
import type { FittedForest } from './fitted-estimator.ts';
import { decodeForest, encodeForest } from './forest-bytes.ts';

const forest: FittedForest = {
  family: 'random-forest',
  featureCount: 2,
  roots: Int32Array.of(0, 3),
  feature: Int32Array.of(1, -1, -1, -1),
  value: Float64Array.of(0.5, 1, 2, 3),
  right: Int32Array.of(2, -1, -1, -1),
};

describe('decodeForest', () => {
  it('reads what encodeForest wrote', () => {
    expect(decodeForest(encodeForest(forest))).toEqual(forest);
  });

  it.each<[string, Partial<FittedForest>, RegExp]>([
    ['no tree', { roots: Int32Array.of() }, /roots that ascend from 0/],
    ['roots that do not ascend', { roots: Int32Array.of(0, 0) }, /roots that ascend from 0/],
    ['nodes before the first root', { roots: Int32Array.of(3) }, /roots that ascend from 0/],
    ['a root outside', { roots: Int32Array.of(0, 4) }, /inside the forest/],
    ['a leaf of NaN', { value: Float64Array.of(0.5, NaN, 2, 3) }, /that are finite/],
    ['a threshold of NaN', { value: Float64Array.of(NaN, 1, 2, 3) }, /that are finite/],
    ['a feature outside', { feature: Int32Array.of(2, -1, -1, -1) }, /features below 2/],
    ['a feature below -1', { feature: Int32Array.of(-2, -1, -1, -1) }, /features below 2/],
    ['a child before its parent', { right: Int32Array.of(0, -1, -1, -1) }, /children lie behind them/],
    ['a child outside', { right: Int32Array.of(4, -1, -1, -1) }, /children lie behind them/],
  ])('refuses %s', (_, change, expected) => {
    expect(() => decodeForest(encodeForest({ ...forest, ...change }))).toThrow(
      expect.objectContaining({
        code: 'artifact_invalid',
        message: expect.stringMatching(expected) as string,
      }),
    );
  });
});
