import {
  getColumn,
  getNumericColumn,
  SlipwayError,
  type ColumnBatch,
  type StringColumn,
} from '@slipway/contracts';
import { applyStep } from './apply-step.ts';
import type { FittedStep } from './fitted-step.ts';
import type { PreprocessingStep } from './preprocessing-schema.ts';

/**
 * Learns what the steps need from the training rows, each from the output of the steps before it.
 * @throws SlipwayError `fit_failed` for a column without values or a wrong mix of steps, `schema_mismatch` for a
 * missing column, `value_unsupported` for a value a step cannot take
 */
export function fitPreprocessing(steps: readonly PreprocessingStep[], batch: ColumnBatch): FittedStep[] {
  const fitted: FittedStep[] = [];
  let current = batch;
  for (const step of steps) {
    const next = fitStep(step, current);
    fitted.push(next);
    current = applyStep(current, next);
  }
  return fitted;
}

function fitStep(step: PreprocessingStep, batch: ColumnBatch): FittedStep {
  switch (step.step) {
    case 'ordinal':
    case 'log':
    case 'drop':
      return step;
    case 'oneHot':
      return { step: 'oneHot', unseen: step.unseen, encodings: step.columns.map(encodingOf(batch, step)) };
    case 'impute':
      return {
        step: 'impute',
        fills: step.columns.map((column) => ({ column, value: fillOf(batch, column, step.with) })),
      };
    case 'standardise':
      return { step: 'standardise', scales: step.columns.map((column) => scaleOf(batch, column)) };
  }
}

interface Encoding {
  column: string;
  base: string | null;
  categories: string[];
}

function encodingOf(batch: ColumnBatch, { dropFirst }: { dropFirst: boolean }): (column: string) => Encoding {
  return (column) => {
    const found = getColumn(batch, column);
    if (found.type !== 'string') {
      throw new SlipwayError('fit_failed', {
        what: `Column "${column}" cannot be one-hot encoded`,
        expected: 'a column of type string',
        received: found.type,
      });
    }
    const [first, ...rest] = distinctTexts(found);
    if (first === undefined) throw noValues(column);
    return dropFirst
      ? { column, base: first, categories: rest }
      : { column, base: null, categories: [first, ...rest] };
  };
}

function distinctTexts({ values }: StringColumn): string[] {
  return [...new Set(values.filter((text) => text !== null))].sort((a, b) => (a < b ? -1 : 1));
}

function fillOf(
  batch: ColumnBatch,
  column: string,
  strategy: Extract<PreprocessingStep, { step: 'impute' }>['with'],
): number | string {
  if (typeof strategy === 'object') return strategy.constant;
  const known = getNumericColumn(batch, column).values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) throw noValues(column);
  return strategy === 'mean' ? meanOf(known) : medianOf(known);
}

function scaleOf(batch: ColumnBatch, column: string): { column: string; mean: number; deviation: number } {
  const { values } = getNumericColumn(batch, column);
  if (values.length === 0) throw noValues(column);
  const mean = meanOf(values);
  const deviation = Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2)));
  if (Number.isNaN(deviation)) {
    throw new SlipwayError('fit_failed', {
      what: `Column "${column}" has NULLs and cannot be standardised`,
      next: 'Put an "impute" step before it',
    });
  }
  return { column, mean, deviation };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

function noValues(column: string): SlipwayError {
  return new SlipwayError('fit_failed', {
    what: `Column "${column}" has no values in the training rows`,
    next: 'Drop it from the features',
  });
}
