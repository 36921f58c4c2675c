import { SlipwayError, type ColumnBatch } from '@slipway/contracts';
import type { FeatureMatrix } from './feature-matrix.ts';
import { compileStep, type FittedStep } from './fitted-step.ts';
import { nullValue } from './steps/refused-value.ts';

/**
 * Turns raw features into numbers, by the same code in training and in serving.
 * @throws SlipwayError `value_unsupported` naming column and row (from 0) for NULL or an unseen category,
 * `schema_mismatch` for a text column that no step encodes
 */
export function applyPreprocessing(steps: readonly FittedStep[], batch: ColumnBatch): FeatureMatrix {
  return compilePreprocessing(steps)(batch);
}

/** As {@link applyPreprocessing}, for many batches: what the steps look up is prepared once. */
export function compilePreprocessing(steps: readonly FittedStep[]): (batch: ColumnBatch) => FeatureMatrix {
  const compiled = steps.map(compileStep);
  return (batch) => {
    const { rowCount, columns } = compiled.reduce((current, apply) => apply(current), batch);
    return {
      rowCount,
      names: columns.map(({ name }) => name),
      columns: columns.map((column) => {
        if (column.type === 'string') throw notEncoded(column.name);
        const row = column.values.findIndex((value) => Number.isNaN(value));
        if (row !== -1) throw nullValue(column.name, row);
        return column.values;
      }),
    };
  };
}

function notEncoded(name: string): SlipwayError {
  return new SlipwayError('schema_mismatch', {
    what: `Column "${name}" is text and no preprocessing step turns it into numbers`,
    next: 'Add an "ordinal" or "oneHot" step for it, or drop it',
  });
}
