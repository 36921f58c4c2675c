import type { FittedForest } from './fitted-estimator.ts';
import type { LibraryForest, LibraryNode } from './library-forest.ts';

/** The forest as ml-random-forest loads it; it predicts the same doubles. */
export function exportForest({
  featureCount,
  roots,
  feature,
  value,
  right,
  selectionMethod,
}: FittedForest): LibraryForest {
  const nodes = new Array<LibraryNode>(feature.length);
  // Children lie behind their parents.
  for (let node = feature.length - 1; node >= 0; node -= 1) {
    nodes[node] =
      feature[node]! < 0
        ? { distribution: value[node]! }
        : {
            splitColumn: feature[node]!,
            splitValue: value[node]!,
            left: nodes[node + 1]!,
            right: nodes[right[node]!]!,
          };
  }
  const all = Array.from({ length: featureCount }, (_, place) => place);
  const options = { kind: 'regression', gainFunction: 'regression', splitFunction: 'mean' };
  return {
    name: 'RFRegression',
    selectionMethod: selectionMethod ?? 'mean',
    baseModel: {
      isClassifier: false,
      nEstimators: roots.length,
      indexes: Array.from(roots, () => all),
      estimators: Array.from(roots, (root) => ({ name: 'DTRegression', options, root: nodes[root]! })),
    },
  };
}
