import { SlipwayError } from '@slipway/contracts';
import type { FittedEstimator } from '@slipway/models';

/** @throws SlipwayError `fit_failed` when a coefficient overflowed or is no number: it would predict the same */
export function checkFinite<T extends FittedEstimator>(fitted: T): T {
  const numbers = Object.values(fitted)
    .flat()
    .filter((value) => typeof value === 'number');
  if (numbers.every(Number.isFinite)) return fitted;
  throw new SlipwayError('fit_failed', {
    what: `Fitting the family "${fitted.family}" gave a coefficient that is not finite`,
    next: 'Scale the column or the target: their values are too large, or too near to each other',
  });
}
