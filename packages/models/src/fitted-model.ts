import type { ModelSignature } from '@slipway/contracts';
import { z } from 'zod';
import type { FittedEstimator } from './fitted-estimator.ts';
import type { FittedStep } from './fitted-step.ts';

export const targetTransformSchema = z.enum(['none', 'log']);
export type TargetTransform = z.output<typeof targetTransformSchema>;

/** Fitted preprocessing, fitted estimator, signature: everything a prediction needs, as data. */
export interface FittedModel {
  readonly formatVersion: 1;
  readonly signature: ModelSignature;
  readonly preprocessing: readonly FittedStep[];
  readonly estimator: FittedEstimator;
  /** `log`: the estimator predicts the natural logarithm of the target; the model undoes it. */
  readonly targetTransform: TargetTransform;
}
