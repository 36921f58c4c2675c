import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { refusedValue } from './refused-value.ts';
import { numericColumn, replaceColumns } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';

const period = z.int().min(2).max(1_000);

/**
 * A whole number that goes round (an hour, a weekday) to a point on a circle, `<column>_sin` and `<column>_cos`, so that the
 * last one is as near to the first as any other two neighbours.
 */
export const cyclic = defineStep({
  config: z.strictObject({ step: z.literal('cyclic'), columns: columnNames, period }),
  fitted: z.strictObject({ step: z.literal('cyclic'), columns: z.array(z.string()), period }),
  fitVersion: 1,
  fit: (step) => step,
  compile: ({ columns, period }) => {
    const { sines, cosines } = circleOf(period);
    return replaceColumns(columns, (column) => {
      const { name, values } = numericColumn(column);
      const places = values.map((value, row) => placeOf(value, period, name, row));
      const pick = (table: Float64Array): Float64Array => places.map((place) => table[place] ?? NaN);
      return [
        { name: `${name}_sin`, type: 'double', values: pick(sines) },
        { name: `${name}_cos`, type: 'double', values: pick(cosines) },
      ];
    });
  },
});

/** Sine and cosine of every place on a circle. */
export function circleOf(period: number): { readonly sines: Float64Array; readonly cosines: Float64Array } {
  const angles = Float64Array.from({ length: period }, (_, place) => (2 * Math.PI * place) / period);
  return { sines: angles.map(Math.sin), cosines: angles.map(Math.cos) };
}

/** From 0, also for negative numbers; NaN for NULL. */
function placeOf(value: number, period: number, column: string, row: number): number {
  if (!Number.isNaN(value) && !Number.isSafeInteger(value))
    throw refusedValue(column, row, { why: 'a cyclic encoding needs a whole number within +-2^53' });
  return ((value % period) + period) % period;
}
