import type { FeatureMatrix } from '@slipway/models';
import { describe, expect, it } from 'vitest';
import { estimatorSchema, growForest, permutationImportance, type RandomForest } from './index.ts';

const rows = Array.from({ length: 40 }, (_, row) => row);
const columns = [
  Float64Array.from(rows, (row) => 10 * Math.sin(row * 1.7)),
  Float64Array.from(rows, (row) => (row * 13) % 41),
  Float64Array.from(rows, (row) => 3 * Math.cos(row * 0.9)),
];
const features: FeatureMatrix = { rowCount: 40, names: ['a', 'b', 'c'], columns };
const target = Float64Array.from(
  rows,
  (row) => 2 * columns[0]![row]! + (columns[1]![row]! > 20 ? 15 : 0) + Math.sin(row),
);

const forestOf = (params: object): RandomForest =>
  estimatorSchema.parse({ family: 'random-forest', seed: 1, params }) as RandomForest;

/** Features come in the order they were drawn, which decides ties and nothing here. */
describe('importance of the features of a forest', () => {
  it('is the feature_importances_ of scikit-learn', async () => {
    // DecisionTreeRegressor(min_samples_split=4, max_depth=3).fit(X, y).feature_importances_
    const forest = forestOf({ nEstimators: 1, maxDepth: 3, useSampleBagging: false });
    const { importance } = await growForest(forest, { features, target });
    const expected = [0.812394545850023, 0.17366417783681484, 0.013941276313162129];
    importance.forEach((value, place) => expect(value).toBeCloseTo(expected[place]!, 12));
  });

  it('adds up to 1, and to 0 where nothing can be cut', async () => {
    const { importance } = await growForest(forestOf({ nEstimators: 20 }), { features, target });
    expect(importance.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12);
    const flat = await growForest(forestOf({ nEstimators: 3 }), { features, target: new Float64Array(40) });
    expect([...flat.importance]).toEqual([0, 0, 0]);
  });
});

describe('permutationImportance', () => {
  it('needs a whole number of repeats, 1 or more', () => {
    const mean = { family: 'mean', mean: 1 } as const;
    for (const repeats of [0, -1, 1.5, NaN])
      expect(() => permutationImportance(mean, { features, target }, { seed: 1, repeats })).toThrow(
        expect.objectContaining({ code: 'parameter_invalid' }),
      );
  });

  it('is about what a linear model loses with a feature, 0 for one that it does not use, and the same for a seed', () => {
    const linear = { family: 'linear', intercept: 1, coefficients: [2, 0, -1] } as const;
    const goal = target.map((_, row) => 1 + 2 * columns[0]![row]! - columns[2]![row]!);
    const data = { features, target: goal };
    const importance = permutationImportance(linear, data, { seed: 4, repeats: 200 });
    // Two draws of a feature differ by sqrt(2) standard deviations; the model is exact before.
    const deviation = (values: Float64Array): number => {
      const mean = values.reduce((sum, value) => sum + value) / 40;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 40);
    };
    expect(importance[0]! / (2 * Math.SQRT2 * deviation(columns[0]!))).toBeCloseTo(1, 1);
    expect(importance[1]).toBe(0);
    expect(importance[2]! / (Math.SQRT2 * deviation(columns[2]!))).toBeCloseTo(1, 1);
    expect(permutationImportance(linear, data, { seed: 4, repeats: 200 })).toEqual(importance);
    expect(permutationImportance(linear, data, { seed: 5, repeats: 200 })).not.toEqual(importance);
  });
});
