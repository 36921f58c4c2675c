import { getColumn, SlipwayError, type Column, type ColumnBatch, type ColumnSpec } from '@slipway/contracts';
import { compilePreprocessing } from './apply-preprocessing.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import type { FittedModel } from './fitted-model.ts';

/** What surrounds the estimator of a model, with what it looks up for every row prepared once. */
export interface CompiledModel {
  /** Raw columns, matched by name, to features. */
  readonly preprocess: (batch: ColumnBatch) => FeatureMatrix;
  /**
   * What the estimator predicts, in the unit of the target.
   * @throws SlipwayError `value_unsupported` for a prediction that is not finite
   */
  readonly undoTarget: (predictions: Float64Array) => Float64Array;
}

export function compileModel({ signature, preprocessing, targetTransform }: FittedModel): CompiledModel {
  const preprocess = compilePreprocessing(preprocessing);
  return {
    preprocess: (batch) => {
      checkBatch(batch);
      const columns = signature.inputs.map((input, place) => inputColumn(batch, input, place));
      return preprocess({ rowCount: batch.rowCount, columns });
    },
    undoTarget: (predictions) =>
      checkFinite(targetTransform === 'log' ? predictions.map(Math.exp) : predictions),
  };
}

/** Programs without types pass rows, too. */
function checkBatch(batch: Partial<ColumnBatch> | null | undefined): void {
  if (Array.isArray(batch?.columns)) return;
  throw new SlipwayError('schema_mismatch', {
    what: 'What is to be predicted is no batch of columns',
    expected: 'what "batchFromRows" of @slipway/contracts makes of rows',
  });
}

/** Looks where the signature has it first: searching for each of many columns would take the square of them. */
function inputColumn(batch: ColumnBatch, { name, type }: ColumnSpec, place: number): Column {
  const expected = batch.columns[place];
  const column = expected?.name === name ? expected : getColumn(batch, name);
  if (column.type !== type) throw wrongType(name, type, column.type);
  return column;
}

function checkFinite(predictions: Float64Array): Float64Array {
  const row = predictions.findIndex((value) => !Number.isFinite(value));
  if (row === -1) return predictions;
  throw new SlipwayError('value_unsupported', {
    what: `Row ${row}: the prediction is not a finite number`,
    next: 'The row lies far outside of what the model was trained on: clip its columns in the preprocessing and train again',
    details: { row },
  });
}

function wrongType(name: string, expected: string, received: string): SlipwayError {
  return new SlipwayError('schema_mismatch', {
    what: `Column "${name}" has the wrong type`,
    expected,
    received,
    details: { column: name },
  });
}
