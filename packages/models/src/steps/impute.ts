import { getColumn, SlipwayError, type Column, type ColumnBatch } from '@slipway/contracts';
import { z } from 'zod';
import { columnNames } from './column-names.ts';
import { replaceColumns } from './replace-columns.ts';
import { defineStep } from './step-kind.ts';
import { knownNumbers, knownTexts, meanOf, medianOf } from './training-values.ts';

/**
 * NULL to the mean, the median or the most frequent value of the training rows (of equally frequent ones the smallest), or
 * to a constant. `indicator` adds a column `<column>_missing`: 1 where there was NULL.
 */
export const impute = defineStep({
  config: z.strictObject({
    step: z.literal('impute'),
    columns: columnNames,
    with: z.union([
      z.enum(['mean', 'median', 'mostFrequent']),
      z.strictObject({ constant: z.union([z.number(), z.string()]) }),
    ]),
    indicator: z.boolean().optional(),
  }),
  fitted: z.strictObject({
    step: z.literal('impute'),
    fills: z.array(
      z.strictObject({
        column: z.string(),
        value: z.union([z.number(), z.string()]),
        indicator: z.string().optional(),
      }),
    ),
  }),
  fitVersion: 1,
  fit: ({ columns, with: strategy, indicator = false }, batch) => ({
    step: 'impute' as const,
    fills: columns.map((column) => ({
      column,
      value:
        typeof strategy === 'object' ? suitable(batch, column, strategy) : learn(batch, column, strategy),
      ...(indicator ? { indicator: `${column}_missing` } : {}),
    })),
  }),
  compile: ({ fills }) => {
    const fillsOf = new Map<string, typeof fills>();
    for (const next of fills) fillsOf.set(next.column, [...(fillsOf.get(next.column) ?? []), next]);
    return replaceColumns(fillsOf.keys(), (found) => fillsOf.get(found.name)!.reduce(applyFill, [found]));
  },
});

/** The first of the columns is filled, what it tells of its NULLs comes right behind it. */
function applyFill(
  [column, ...others]: readonly Column[],
  { value, indicator }: { readonly value: number | string; readonly indicator?: string | undefined },
): readonly Column[] {
  const told = indicator === undefined ? [] : [whereNull(column!, indicator)];
  return [fill(column!, value), ...told, ...others];
}

/** @throws SlipwayError `fit_failed` for a text in a column of numbers, and a number in one of texts */
function suitable(
  batch: ColumnBatch,
  column: string,
  { constant }: { readonly constant: number | string },
): number | string {
  const { type } = getColumn(batch, column);
  if ((type === 'string') === (typeof constant === 'string')) return constant;
  throw new SlipwayError('fit_failed', {
    what: `The constant that the column "${column}" is imputed with has the wrong type`,
    expected: type === 'string' ? 'a text' : numberFor[type],
    received: typeof constant === 'string' ? 'a text' : 'a number',
    next: 'Correct "constant" of the impute step',
  });
}

const numberFor = {
  double: 'a number',
  long: 'a number',
  boolean: 'a number, 0 or 1',
  datetime: 'a number of microseconds since 1970-01-01 UTC',
} as const;

function learn(
  batch: ColumnBatch,
  column: string,
  strategy: 'mean' | 'median' | 'mostFrequent',
): number | string {
  if (strategy === 'mostFrequent') {
    return getColumn(batch, column).type === 'string'
      ? mostFrequent(knownTexts(batch, column, 'imputed').sort())
      : mostFrequent([...knownNumbers(batch, column).sort()]);
  }
  const known = knownNumbers(batch, column);
  return strategy === 'mean' ? meanOf(known) : medianOf(known.sort());
}

/** Of equally frequent values the first. */
function mostFrequent<T extends number | string>(ascending: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of ascending) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

function fill(column: Column, value: number | string): Column {
  if (column.type === 'string')
    return { ...column, values: column.values.map((text) => text ?? String(value)) };
  const number = Number(value);
  return { ...column, values: column.values.map((cell) => (Number.isNaN(cell) ? number : cell)) };
}

function whereNull({ values, ...column }: Column, name: string): Column {
  const isNull =
    column.type === 'string'
      ? (values as readonly (string | null)[]).map((text) => Number(text === null))
      : (values as Float64Array).map((cell) => Number(Number.isNaN(cell)));
  return { name, type: 'double', values: Float64Array.from(isNull) };
}
