/** A regression metric: what it measures, in which unit, and which way is better. */
export interface Metric {
  readonly name: string;
  /** `target`: the unit of the target; `target squared`; `share`: none. */
  readonly unit: 'target' | 'target squared' | 'share';
  readonly direction: 'minimize' | 'maximize';
  /** Least and greatest value. */
  readonly range: readonly [number, number];
  readonly meaning: string;
}

/** Every metric of {@link evaluateRegression}. Definitions are scikit-learn's (`sklearn.metrics`). */
export const regressionMetrics = {
  rmse: {
    name: 'rmse',
    unit: 'target',
    direction: 'minimize',
    range: [0, Infinity],
    meaning: 'root of the mean squared error',
  },
  mae: {
    name: 'mae',
    unit: 'target',
    direction: 'minimize',
    range: [0, Infinity],
    meaning: 'mean absolute error',
  },
  medianAe: {
    name: 'medianAe',
    unit: 'target',
    direction: 'minimize',
    range: [0, Infinity],
    meaning: 'median absolute error',
  },
  mse: {
    name: 'mse',
    unit: 'target squared',
    direction: 'minimize',
    range: [0, Infinity],
    meaning: 'mean squared error',
  },
  mape: {
    name: 'mape',
    unit: 'share',
    direction: 'minimize',
    range: [0, Infinity],
    meaning: 'mean absolute error as a share of the observed value, which counts as at least 2^-52',
  },
  maxError: {
    name: 'maxError',
    unit: 'target',
    direction: 'minimize',
    range: [0, Infinity],
    meaning: 'largest absolute error',
  },
  r2: {
    name: 'r2',
    unit: 'share',
    direction: 'maximize',
    range: [-Infinity, 1],
    meaning: 'share of the variance that is explained; 0 is no better than the mean',
  },
  explainedVariance: {
    name: 'explainedVariance',
    unit: 'share',
    direction: 'maximize',
    range: [-Infinity, 1],
    meaning: 'like r2, but a constant error does not count',
  },
} as const satisfies Record<string, Metric>;

export type RegressionMetric = keyof typeof regressionMetrics;
