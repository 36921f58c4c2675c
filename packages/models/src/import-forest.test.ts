import { describe, expect, it } from 'vitest';
import { exportForest, importForest, type FittedForest, type LibraryForest } from './index.ts';

const forest: FittedForest = {
  family: 'random-forest',
  featureCount: 2,
  roots: Int32Array.of(0, 3),
  feature: Int32Array.of(1, -1, -1, -1),
  value: Float64Array.of(0.5, 1, 2, 3),
  right: Int32Array.of(2, -1, -1, -1),
};

/** The forest as JSON, with something put in its place, by path. */
function changed(path: readonly (string | number)[], value: unknown): LibraryForest {
  const json = JSON.parse(JSON.stringify(exportForest(forest))) as Record<string | number, never>;
  const parent = path.slice(0, -1).reduce((at, key) => at[key]!, json) as Record<string | number, unknown>;
  parent[path.at(-1)!] = value;
  return json as unknown as LibraryForest;
}

describe('importForest', () => {
  it('reads what exportForest wrote', () => {
    expect(importForest(exportForest(forest), { featureCount: 2 })).toEqual(forest);
  });

  const root = ['baseModel', 'estimators', 0, 'root'];
  it.each<[string, (string | number)[], unknown, string]>([
    ['no base model', ['baseModel'], undefined, 'artifact_invalid'],
    ['no tree', ['baseModel', 'estimators'], [], 'artifact_invalid'],
    ['a tree without a root', root, null, 'artifact_invalid'],
    ['a column below 0', ['baseModel', 'indexes', 0], [0, -1], 'artifact_invalid'],
    ['a column beyond the last', ['baseModel', 'indexes', 0], [0, 2], 'artifact_invalid'],
    ['half a column', ['baseModel', 'indexes', 0], [0, 0.5], 'artifact_invalid'],
    ['a column that the tree does not use', [...root, 'splitColumn'], 7, 'artifact_invalid'],
    ['a threshold of text', [...root, 'splitValue'], '1', 'artifact_invalid'],
    ['an inner node without a child', [...root, 'left'], null, 'artifact_invalid'],
    ['a leaf without a prediction', [...root, 'right'], {}, 'artifact_invalid'],
    ['a classifier', ['name'], 'RFClassifier', 'format_unsupported'],
  ])('refuses %s', (_, path, value, code) => {
    expect(() => importForest(changed(path, value), { featureCount: 2 })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('refuses what is no forest, and a number of columns that is none', () => {
    for (const nothing of [null, undefined, 7, {}])
      expect(() => importForest(nothing as never, { featureCount: 2 })).toThrow(
        expect.objectContaining({ code: 'format_unsupported' }),
      );
    for (const featureCount of [NaN, 0, -1, 1.5, undefined as never])
      expect(() => importForest(exportForest(forest), { featureCount })).toThrow(
        expect.objectContaining({ code: 'parameter_invalid' }),
      );
  });
});
