import { SlipwayError } from '@slipway/contracts';
import type { FittedEstimator } from '@slipway/models';

/** @throws SlipwayError `fit_failed` when a coefficient or a leaf overflowed or is no number: it would predict the same */
export function checkFinite<T extends FittedEstimator>(fitted: T): T {
  if (Object.values(fitted).every(isFiniteWhereNumber)) return fitted;
  throw new SlipwayError('fit_failed', {
    what: `Fitting the family "${fitted.family}" gave a number that is not finite`,
    next: 'Scale the column or the target: their values are too large, or too near to each other',
  });
}

function isFiniteWhereNumber(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isFiniteWhereNumber);
  return !(value instanceof Float64Array) || value.every(Number.isFinite);
}
