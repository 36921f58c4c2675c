import { getColumn, selectColumns, SlipwayError, type ColumnBatch } from '@slipway/contracts';
import { compilePreprocessing } from './apply-preprocessing.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import type { FittedModel } from './fitted-model.ts';

/** What surrounds the estimator of a model, with what it looks up for every row prepared once. */
export interface CompiledModel {
  /** Raw columns, matched by name, to features. */
  readonly preprocess: (batch: ColumnBatch) => FeatureMatrix;
  /** What the estimator predicts, in the unit of the target. */
  readonly undoTarget: (predictions: Float64Array) => Float64Array;
}

export function compileModel({ signature, preprocessing, targetTransform }: FittedModel): CompiledModel {
  const names = signature.inputs.map(({ name }) => name);
  const preprocess = compilePreprocessing(preprocessing);
  return {
    preprocess: (batch) => {
      for (const { name, type } of signature.inputs) {
        const received = getColumn(batch, name).type;
        if (received !== type) throw wrongType(name, type, received);
      }
      return preprocess(selectColumns(batch, names));
    },
    undoTarget: (predictions) => (targetTransform === 'log' ? predictions.map(Math.exp) : predictions),
  };
}

function wrongType(name: string, expected: string, received: string): SlipwayError {
  return new SlipwayError('schema_mismatch', {
    what: `Column "${name}" has the wrong type`,
    expected,
    received,
    details: { column: name },
  });
}
