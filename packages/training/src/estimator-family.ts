import type { FeatureMatrix } from '@slipway/models';
import type { FitOptions } from './fit-options.ts';

/** Rows to fit on: finite features, one finite target per row. */
export interface TrainingRows {
  readonly features: FeatureMatrix;
  readonly target: Float64Array;
}

/**
 * A family of models: how one is fitted, and what a fitted one predicts. A fitted model is plain data, without functions and
 * classes, so that it can be stored; the same rows and parameters give the same data. `checkEstimator` of
 * `@slipway/training/testing` holds a family to that.
 */
export interface EstimatorFamily<Fitted> {
  readonly name: string;
  /** @throws SlipwayError for rows that no model can be fitted to, and `aborted` */
  readonly fit: (rows: TrainingRows, options: FitOptions) => Promise<Fitted>;
  /** One prediction per row, each independent of the other rows. */
  readonly predict: (fitted: Fitted, features: FeatureMatrix) => Float64Array;
}
