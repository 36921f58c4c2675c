import type { ColumnBatch } from '@slipway/contracts';
import { compileModel, type CompiledModel } from './compile-model.ts';
import type { FittedModel } from './fitted-model.ts';
import { predictEstimator } from './predict-estimator.ts';

/** As long as its model lives. */
const compiled = new WeakMap<FittedModel, CompiledModel>();

/**
 * Predicts from raw feature columns, in the unit of the target. Columns are matched by name; others are ignored. A model is
 * compiled the first time it is asked.
 * @throws SlipwayError `schema_mismatch` for a missing or wrongly typed column, `value_unsupported` for a NULL or a
 * category the model cannot take, and for a prediction that is not finite
 */
export function predictModel(model: FittedModel, batch: ColumnBatch): Float64Array {
  let parts = compiled.get(model);
  if (parts === undefined) {
    parts = compileModel(model);
    compiled.set(model, parts);
  }
  return parts.undoTarget(predictEstimator(model.estimator, parts.preprocess(batch)));
}
