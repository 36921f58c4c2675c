import { SlipwayError } from '@slipway/contracts';
import { z } from 'zod';
import type { FittedForest } from './fitted-estimator.ts';
import type { LibraryForest, LibraryNode } from './library-forest.ts';

/** What is read of it. Nodes are checked one by one, as trees may be deep. */
const libraryForestSchema = z.object({
  baseModel: z.object({
    indexes: z.array(z.array(z.int().min(0))),
    estimators: z
      .array(z.object({ root: z.custom<LibraryNode>((root) => typeof root === 'object' && root !== null) }))
      .min(1),
  }),
});

/**
 * A forest that ml-random-forest has trained: its `toJSON()`, before or after it was text.
 * @param featureCount columns that it was trained on
 * @throws SlipwayError `format_unsupported` for what is no regression forest, `artifact_invalid` for nodes that are not sound,
 * `parameter_invalid` for a `featureCount` below 1
 */
export function importForest(
  library: LibraryForest,
  { featureCount }: { readonly featureCount: number },
): FittedForest {
  // What was read from a file may be null.
  const { name, selectionMethod } = (library as Partial<LibraryForest> | null | undefined) ?? {};
  const isKnown = selectionMethod === 'mean' || selectionMethod === 'median';
  if (name !== 'RFRegression' || !isKnown) {
    throw new SlipwayError('format_unsupported', {
      what: 'This is no regression forest of ml-random-forest',
      expected: 'name "RFRegression", selectionMethod "mean" or "median"',
    });
  }
  checkFeatureCount(featureCount);
  const parsed = libraryForestSchema.safeParse(library);
  if (!parsed.success) throw unsound('at least one tree, with the columns of each as whole numbers from 0');
  const { baseModel } = parsed.data;
  const nodes = { feature: [] as number[], value: [] as number[], right: [] as number[] };
  const roots = baseModel.estimators.map(({ root }, tree) => {
    const first = nodes.feature.length;
    flatten(root, { used: baseModel.indexes[tree] ?? [], featureCount, nodes });
    return first;
  });
  return {
    family: 'random-forest',
    featureCount,
    ...(selectionMethod === 'median' ? { selectionMethod } : {}),
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes.feature),
    value: Float64Array.from(nodes.value),
    right: Int32Array.from(nodes.right),
  };
}

function checkFeatureCount(featureCount: number): void {
  if (Number.isInteger(featureCount) && featureCount >= 1) return;
  throw new SlipwayError('parameter_invalid', {
    what: '"featureCount" does not tell on how many columns the forest was trained',
    expected: 'a whole number from 1',
    received: `${featureCount}`,
  });
}

interface Flattening {
  readonly used: readonly number[];
  readonly featureCount: number;
  readonly nodes: { readonly feature: number[]; readonly value: number[]; readonly right: number[] };
}

/** Preorder; without recursion, as trees may be deep. */
function flatten(root: LibraryNode, { used, featureCount, nodes }: Flattening): void {
  const open: { readonly node: LibraryNode; readonly rightOf: number }[] = [{ node: root, rightOf: -1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { left, right, splitColumn = -1, splitValue, distribution } = next.node;
    const index = nodes.feature.length;
    if (next.rightOf >= 0) nodes.right[next.rightOf] = index;
    const isLeaf = isMissing(left) || isMissing(right);
    const feature = isLeaf ? -1 : (used[splitColumn] ?? featureCount);
    const value = isLeaf ? distribution : splitValue;
    if (feature >= featureCount || !Number.isFinite(value)) {
      throw unsound(`finite thresholds and predictions, and columns below ${featureCount}`);
    }
    nodes.feature.push(feature);
    nodes.value.push(value!);
    nodes.right.push(-1);
    if (!isLeaf) open.push({ node: right, rightOf: index }, { node: left, rightOf: -1 });
  }
}

function isMissing(child: LibraryNode | null | undefined): child is null | undefined {
  return child === undefined || child === null;
}

function unsound(expected: string): SlipwayError {
  return new SlipwayError('artifact_invalid', {
    what: 'The forest of ml-random-forest is not sound',
    expected,
    next: 'Write it again with "toJSON()" of the forest that was trained',
  });
}
