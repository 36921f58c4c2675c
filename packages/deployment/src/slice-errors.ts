import { getColumn } from '@slipway/contracts';
import type { Evaluation } from './evaluate-candidate.ts';
import type { ModelDefinition } from './model-definition.ts';

/** Error of the test rows that share a feature value. */
export interface SliceError {
  readonly column: string;
  readonly value: string;
  readonly rows: number;
  /** Root mean squared error, in the unit of the target. */
  readonly rmse: number;
}

const mostValues = 31;

/** Error by value of each feature that has few values (at most 31), in value order. */
export function sliceErrors(model: ModelDefinition, { test, observed, predicted }: Evaluation): SliceError[] {
  return model.features.flatMap((column) => {
    const { type, values } = getColumn(test, column);
    const sums = new Map<string | number | null, { rows: number; squares: number }>();
    for (let row = 0; row < observed.length; row += 1) {
      const key = values[row] ?? null;
      const sum = sums.get(key) ?? { rows: 0, squares: 0 };
      sum.rows += 1;
      sum.squares += ((observed[row] ?? 0) - (predicted[row] ?? 0)) ** 2;
      sums.set(key, sum);
      if (sums.size > mostValues) return [];
    }
    return [...sums]
      .sort(([a], [b]) =>
        typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
      )
      .map(([value, { rows, squares }]) => ({
        column,
        value: type === 'boolean' ? String(value === 1) : String(value),
        rows,
        rmse: Math.sqrt(squares / rows),
      }));
  });
}
