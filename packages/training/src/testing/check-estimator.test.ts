import { SlipwayError } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { estimatorSchema, familyOf, type EstimatorFamily } from '../index.ts';
import { checkEstimator } from './index.ts';

describe('checkEstimator', () => {
  it.each<[object, number]>([
    [{ family: 'random-forest', seed: 1, params: { nEstimators: 5 } }, 3],
    [{ family: 'random-forest', seed: 1, engine: 'reference', params: { nEstimators: 2 } }, 3],
    [{ family: 'linear' }, 3],
    [{ family: 'mean' }, 3],
    [{ family: 'polynomial', params: { degree: 4 } }, 1],
    [{ family: 'robust-polynomial', seed: 1, params: { draws: 20 } }, 1],
    [{ family: 'power' }, 1],
    [{ family: 'exponential' }, 1],
    [{ family: 'theil-sen', seed: 1 }, 1],
  ])('holds for %j', async (estimator, columnCount) => {
    await checkEstimator(familyOf(estimatorSchema.parse(estimator)), { columnCount });
  });

  /** Predicts the middle target: a family that somebody wrote. */
  const median: EstimatorFamily<{ value: number }> = {
    name: 'median',
    fit: ({ target }, { signal }) => {
      const value = target.toSorted()[target.length >> 1];
      if (signal?.aborted === true) return Promise.reject(new SlipwayError('aborted', { what: 'Stopped' }));
      if (value === undefined) return Promise.reject(new SlipwayError('fit_failed', { what: 'No rows' }));
      return Promise.resolve({ value });
    },
    predict: ({ value }, { rowCount }) => new Float64Array(rowCount).fill(value),
  };

  it('holds for a family that somebody wrote', async () => {
    await checkEstimator(median);
  });

  let calls = 0;
  it.each<[string, Partial<EstimatorFamily<{ value: number }>>, RegExp]>([
    [
      'other data each time',
      { fit: async () => Promise.resolve({ value: (calls += 1) }) },
      /the same rows give the same data/,
    ],
    ['too few predictions', { predict: () => new Float64Array(1) }, /one prediction per row/],
    ['NaN', { predict: (_, { rowCount }) => new Float64Array(rowCount).fill(NaN) }, /all finite/],
    [
      'rows that look at each other',
      { predict: (_, { rowCount }) => new Float64Array(rowCount).fill(rowCount) },
      /a row alone is predicted as among others/,
    ],
    [
      'functions in the model',
      { fit: () => Promise.resolve({ value: 1, predict: () => 1 }) },
      /a fitted model is plain data|the same rows give the same data/,
    ],
    [
      'changed inputs',
      {
        fit: (rows, options) => {
          rows.target[0] = -1;
          return median.fit(rows, options);
        },
      },
      /features and target are not changed|the same rows give the same data/,
    ],
    ['no end on a signal', { fit: (rows) => median.fit(rows, {}) }, /ends the fit with the code "aborted"/],
    [
      'errors of another kind',
      {
        fit: (rows, options) =>
          rows.target.length === 0 ? Promise.reject(new Error('?')) : median.fit(rows, options),
      },
      /on no rows: what cannot be fitted is a SlipwayError/,
    ],
  ])('tells %s', async (_, broken, law) => {
    await expect(checkEstimator({ ...median, ...broken })).rejects.toThrow(law);
  });
});
