/**
 * A regression forest, flattened: every tree in preorder, one after the other. A node with `feature >= 0` sends a row
 * with value < `value` to the next node and others to `right`; a node with feature -1 is a leaf that predicts `value`.
 */
export interface FittedForest {
  readonly family: 'random-forest';
  /** Columns of the feature matrix it was fitted on. */
  readonly featureCount: number;
  /** Index of each tree's first node. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly value: Float64Array;
  readonly right: Int32Array;
}

/** intercept + sum of coefficient x feature. */
export interface FittedLinear {
  readonly family: 'linear';
  readonly intercept: number;
  readonly coefficients: readonly number[];
}

/** The mean of the training target, whatever the features: the baseline of every evaluation. */
export interface FittedMean {
  readonly family: 'mean';
  readonly mean: number;
}

export type FittedEstimator = FittedForest | FittedLinear | FittedMean;

/** Raised when a family gives other bytes for the same inputs. */
export const familyFitVersions = {
  'random-forest': 1,
  linear: 1,
  mean: 1,
} as const satisfies Record<FittedEstimator['family'], number>;
