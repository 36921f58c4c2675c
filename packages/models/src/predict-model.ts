import { getColumn, selectColumns, SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { applyPreprocessing } from './apply-preprocessing.ts';
import type { FittedModel } from './fitted-model.ts';
import { predictEstimator } from './predict-estimator.ts';

/**
 * Predicts from raw feature columns, in the unit of the target. Columns are matched by name; others are ignored.
 * @throws SlipwayError `schema_mismatch` for a missing or wrongly typed column, `value_unsupported` for a NULL or a
 * category the model cannot take
 */
export function predictModel(model: FittedModel, batch: ColumnBatch): Float64Array {
  const { signature, preprocessing, estimator, targetTransform } = model;
  for (const { name, type } of signature.inputs) {
    const received = getColumn(batch, name).type;
    if (received !== type) {
      throw new SlipwayError('schema_mismatch', {
        what: `Column "${name}" has the wrong type`,
        expected: type,
        received,
        details: { column: name },
      });
    }
  }
  const inputs = selectColumns(
    batch,
    signature.inputs.map(({ name }) => name),
  );
  const predictions = predictEstimator(estimator, applyPreprocessing(preprocessing, inputs));
  return targetTransform === 'log' ? predictions.map(Math.exp) : predictions;
}
