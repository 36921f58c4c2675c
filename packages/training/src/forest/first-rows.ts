import { SlipwayError } from '@slipway/contracts';
import type { FeatureMatrix } from '@slipway/models';
import type { RandomForest } from '../estimator-schema.ts';

/**
 * The rows that a forest learns from: ml-random-forest takes the first `maxSamples`.
 * @throws SlipwayError `parameter_invalid` when that leaves no row or asks for more than there are
 */
export function firstRows(
  { maxSamples }: Pick<RandomForest['params'], 'maxSamples'>,
  { features, target }: { readonly features: FeatureMatrix; readonly target: Float64Array },
): { readonly features: FeatureMatrix; readonly target: Float64Array } {
  if (maxSamples === undefined) return { features, target };
  const { rowCount } = features;
  const count = maxSamples < 1 ? Math.floor(rowCount * maxSamples) : maxSamples;
  if (count < 1 || count > rowCount) {
    throw new SlipwayError('parameter_invalid', {
      what: '"maxSamples" does not fit the number of training rows',
      expected: `1 to ${rowCount} rows`,
      received: `${count}`,
    });
  }
  const columns = features.columns.map((column) => column.subarray(0, count));
  return { features: { ...features, rowCount: count, columns }, target: target.subarray(0, count) };
}
