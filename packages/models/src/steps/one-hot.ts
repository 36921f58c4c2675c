import { SlipwayError, type Column, type StringColumn } from '@slipway/contracts';
import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { nullValue, unseenCategory } from './refused-value.ts';
import { replaceColumns, textColumn } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';
import { knownTexts } from './training-values.ts';

const unseen = z.enum(['refuse', 'ignore']);

const encodingSchema = z.strictObject({
  column: z.string(),
  base: z.string().nullable(),
  categories: z.array(z.string()),
});

/**
 * Text to one 0/1 column per category of the training rows, named `<column>=<category>`. `dropFirst` leaves out the
 * first category (in code-unit order), which a linear model needs. `unseen: 'ignore'` gives zeros everywhere, which with
 * `dropFirst` is the first category: so the default is `refuse`.
 */
export const oneHot = defineStep({
  config: z.strictObject({
    step: z.literal('oneHot'),
    columns: columnNames,
    dropFirst: z.boolean().default(false),
    unseen: unseen.default('refuse'),
  }),
  fitted: z.strictObject({
    step: z.literal('oneHot'),
    /** Categories in the order of their output columns; `base` has none of its own. */
    encodings: z.array(encodingSchema),
    unseen,
  }),
  fitVersion: 1,
  fit: ({ columns, dropFirst, unseen }, batch) => ({
    step: 'oneHot' as const,
    unseen,
    encodings: columns.map((column) => {
      const texts = new Set(knownTexts(batch, column, 'one-hot encoded'));
      checkCells(column, { rows: batch.rowCount, categories: texts.size });
      const categories = [...texts].sort((a, b) => (a < b ? -1 : 1));
      const base = dropFirst ? categories.shift()! : null;
      return { column, base, categories };
    }),
  }),
  compile: ({ encodings, unseen }) => {
    const encoders = new Map(encodings.map((encoding) => [encoding.column, createEncoder(encoding, unseen)]));
    return replaceColumns(encoders.keys(), (column) => encoders.get(column.name)!(textColumn(column)));
  },
});

/** Of one column over the training rows: 4 GiB of doubles. */
const mostCells = 2 ** 29;

/** A name or a number of something has a category in every row. @throws SlipwayError `fit_failed` before memory runs out */
function checkCells(
  column: string,
  { rows, categories }: { readonly rows: number; readonly categories: number },
): void {
  if (rows * categories <= mostCells) return;
  throw new SlipwayError('fit_failed', {
    what: `Column "${column}" has too many categories to be one-hot encoded`,
    expected: `at most ${Math.floor(mostCells / rows)} in ${rows} rows`,
    received: `${categories}`,
    next: 'Drop it from the features, or put rare texts together in the feature table',
  });
}

function createEncoder(
  { base, categories }: z.output<typeof encodingSchema>,
  unseen: 'refuse' | 'ignore',
): (column: StringColumn) => Column[] {
  const places = new Map(categories.map((text, place) => [text, place]));
  return ({ name, values }) => {
    const encoded = categories.map(() => new Float64Array(values.length));
    values.forEach((text, row) => {
      const place = text === null ? undefined : places.get(text);
      if (place !== undefined) encoded[place]![row] = 1;
      else if (text === null) throw nullValue(name, row);
      else if (text !== base && unseen === 'refuse') throw unseenCategory(name, row, categories.length);
    });
    return categories.map((text, place) => ({
      name: `${name}=${text}`,
      type: 'double',
      values: encoded[place]!,
    }));
  };
}
