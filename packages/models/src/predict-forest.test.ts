import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FittedForest } from './fitted-estimator.ts';
import { predictForest } from './predict-forest.ts';

interface Leaf {
  readonly value: number;
}
interface Inner {
  readonly feature: number;
  readonly threshold: number;
  readonly left: Tree;
  readonly right: Tree;
}
type Tree = Leaf | Inner;

const featureCount = 3;
const small = fc.integer({ min: -3, max: 3 }).map((value) => value / 4);
const leaf: fc.Arbitrary<Tree> = fc
  .double({ noNaN: true, min: -1e6, max: 1e6 })
  .map((value) => ({ value: value + 0 }));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.record({
      feature: fc.nat(featureCount - 1),
      threshold: small,
      left: tie('tree'),
      right: tie('tree'),
    }),
  ),
}));

/** Preorder, as a fitted forest is. */
function flatten(trees: readonly Tree[]): FittedForest {
  const nodes: { feature: number; value: number; right: number }[] = [];
  const add = (node: Tree): void => {
    if ('value' in node) return void nodes.push({ feature: -1, value: node.value, right: -1 });
    const place = nodes.push({ feature: node.feature, value: node.threshold, right: -1 }) - 1;
    add(node.left);
    nodes[place]!.right = nodes.length;
    add(node.right);
  };
  const roots = trees.map((root) => {
    const place = nodes.length;
    add(root);
    return place;
  });
  return {
    family: 'random-forest',
    featureCount,
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes, ({ feature }) => feature),
    value: Float64Array.from(nodes, ({ value }) => value),
    right: Int32Array.from(nodes, ({ right }) => right),
  };
}

function walk(node: Tree, row: readonly number[]): number {
  if ('value' in node) return node.value;
  return walk(row[node.feature]! < node.threshold ? node.left : node.right, row);
}

it('is the mean of one walk down each tree, in tree order, for any number of rows and trees', () => {
  fc.assert(
    fc.property(
      fc.array(tree, { minLength: 1, maxLength: 11 }),
      fc.array(fc.tuple(fc.oneof(small, fc.constant(NaN)), small, small), { maxLength: 11 }),
      (trees, rows) => {
        const columns = [0, 1, 2].map((place) => Float64Array.from(rows, (row) => row[place]!));
        const names = ['a', 'b', 'c'];
        const predictions = predictForest(flatten(trees), { rowCount: rows.length, names, columns });
        const expected = rows.map(
          (row) => trees.reduce((sum, root) => sum + walk(root, row), 0) / trees.length,
        );
        expect([...predictions]).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});
