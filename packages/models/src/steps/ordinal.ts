import { z } from 'zod';
import { columnNames, distinct } from './column-names.ts';
import { unseenCategory } from './refused-value.ts';
import { replaceColumns, textColumn } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';

/** Text to its place in `order`, from 0. `unseen`: `refuse` a text not in `order`, or give it the place `after` the last. */
export const ordinal = defineStep({
  config: z.strictObject({
    step: z.literal('ordinal'),
    columns: columnNames,
    order: distinct(z.array(z.string()).min(1)),
    unseen: z.enum(['refuse', 'after']).default('refuse'),
  }),
  fitted: z.strictObject({
    step: z.literal('ordinal'),
    columns: z.array(z.string()),
    order: z.array(z.string()),
    unseen: z.enum(['refuse', 'after']),
  }),
  fitVersion: 1,
  fit: (step) => step,
  compile: ({ columns, order, unseen }) => {
    const places = new Map(order.map((text, place) => [text, place]));
    const placeOf = (name: string, text: string | null, row: number): number => {
      if (text === null) return NaN;
      const place = places.get(text);
      if (place !== undefined) return place;
      if (unseen === 'after') return order.length;
      throw unseenCategory(name, row, order.length);
    };
    return replaceColumns(columns, (column) => {
      const { name, values } = textColumn(column);
      return [
        {
          name,
          type: 'double',
          values: Float64Array.from(values, (text, row) => placeOf(name, text, row)),
        },
      ];
    });
  },
});
