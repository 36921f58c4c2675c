/**
 * A regression forest, flattened: every tree in preorder, one after the other. A node with `feature >= 0` sends a row
 * with value < `value` to the next node and others to `right`; a node with feature -1 is a leaf that predicts `value`.
 */
export interface FittedForest {
  readonly family: 'random-forest';
  /** Columns of the feature matrix it was fitted on. */
  readonly featureCount: number;
  /** `median`: the lower middle of what the trees predict. Left out, their mean. */
  readonly selectionMethod?: 'median';
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

/** Sum of coefficient[k] x z^k with z = (x - centre) / spread: powers of a column near 0 stay comparable. */
export interface FittedPolynomial {
  readonly family: 'polynomial' | 'robust-polynomial';
  readonly centre: number;
  readonly spread: number;
  /** From the constant upwards. */
  readonly coefficients: readonly number[];
}

/** intercept + slope x x, the median of the slopes between two rows. */
export interface FittedTheilSen {
  readonly family: 'theil-sen';
  readonly slope: number;
  readonly intercept: number;
}

/** factor x x^exponent, of a column above 0. */
export interface FittedPower {
  readonly family: 'power';
  readonly factor: number;
  readonly exponent: number;
}

/** factor x e^(rate x x). */
export interface FittedExponential {
  readonly family: 'exponential';
  readonly factor: number;
  readonly rate: number;
}

/** A function of one column. */
export type FittedCurve = FittedPolynomial | FittedTheilSen | FittedPower | FittedExponential;

export type FittedEstimator = FittedForest | FittedLinear | FittedMean | FittedCurve;

/** Raised when a family gives other bytes for the same inputs. */
export const familyFitVersions = {
  'random-forest': 2,
  exponential: 1,
  linear: 2,
  mean: 1,
  polynomial: 2,
  power: 1,
  'robust-polynomial': 2,
  'theil-sen': 1,
} as const satisfies Record<FittedEstimator['family'], number>;
