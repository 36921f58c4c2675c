import {
  createColumnBatch,
  getColumn,
  getNumericColumn,
  SlipwayError,
  type Column,
  type ColumnBatch,
  type StringColumn,
} from '@slipway/contracts';
import type { FittedStep } from './fitted-step.ts';

/**
 * Applies one fitted step to a batch.
 * @throws SlipwayError `value_unsupported` naming column and row (from 0) for a value the step cannot take,
 * `schema_mismatch` for a missing column or one of the wrong type
 */
export function applyStep(batch: ColumnBatch, step: FittedStep): ColumnBatch {
  switch (step.step) {
    case 'ordinal':
      return replaceColumns(batch, step.columns, (name) => [encodeOrdinal(textColumn(batch, name), step)]);
    case 'oneHot':
      return replaceColumns(
        batch,
        step.encodings.map(({ column }) => column),
        (name) => encodeOneHot(textColumn(batch, name), step),
      );
    case 'log':
      return replaceColumns(batch, step.columns, (name) => [logarithm(batch, name)]);
    case 'impute':
      return step.fills.reduce(
        (filled, { column, value }) =>
          replaceColumns(filled, [column], (name) => [fill(filled, name, value)]),
        batch,
      );
    case 'standardise':
      return step.scales.reduce(
        (scaled, scale) => replaceColumns(scaled, [scale.column], () => [standardise(scaled, scale)]),
        batch,
      );
    case 'drop':
      return replaceColumns(batch, step.columns, () => []);
  }
}

function replaceColumns(
  batch: ColumnBatch,
  names: readonly string[],
  replace: (name: string) => readonly Column[],
): ColumnBatch {
  for (const name of names) getColumn(batch, name);
  const columns = batch.columns.flatMap((column) =>
    names.includes(column.name) ? replace(column.name) : [column],
  );
  return { ...createColumnBatch(columns), rowCount: batch.rowCount };
}

function textColumn(batch: ColumnBatch, name: string): StringColumn {
  const column = getColumn(batch, name);
  if (column.type === 'string') return column;
  throw new SlipwayError('schema_mismatch', {
    what: `Column "${name}" cannot be encoded`,
    expected: 'a column of type string',
    received: column.type,
  });
}

function encodeOrdinal(
  { name, values }: StringColumn,
  { order, unseen }: Extract<FittedStep, { step: 'ordinal' }>,
): Column {
  const places = new Map(order.map((text, place) => [text, place]));
  const encoded = Float64Array.from(values, (text, row) => {
    if (text === null) return NaN;
    const place = places.get(text);
    if (place !== undefined) return place;
    if (unseen === 'after') return order.length;
    throw unseenCategory(name, row, order.length);
  });
  return { name, type: 'double', values: encoded };
}

function encodeOneHot(
  { name, values }: StringColumn,
  { encodings, unseen }: Extract<FittedStep, { step: 'oneHot' }>,
): Column[] {
  const { base = null, categories = [] } = encodings.find(({ column }) => column === name) ?? {};
  const places = new Map(categories.map((text, place) => [text, place]));
  const encoded = categories.map(() => new Float64Array(values.length));
  values.forEach((text, row) => {
    const place = text === null ? undefined : places.get(text);
    const output = place === undefined ? undefined : encoded[place];
    if (output !== undefined) output[row] = 1;
    else if (text === null) throw nullValue(name, row);
    else if (text !== base && unseen === 'refuse') throw unseenCategory(name, row, categories.length);
  });
  return categories.map((text, place) => ({
    name: `${name}=${text}`,
    type: 'double',
    values: encoded[place] ?? new Float64Array(values.length),
  }));
}

function logarithm(batch: ColumnBatch, name: string): Column {
  const values = getNumericColumn(batch, name).values.map((value, row) => {
    if (!(value <= 0)) return Math.log(value);
    throw new SlipwayError('value_unsupported', {
      what: `Column "${name}", row ${row}: a logarithm needs a value above 0`,
      details: { column: name, row },
    });
  });
  return { name, type: 'double', values };
}

function fill(batch: ColumnBatch, name: string, value: number | string): Column {
  const column = getColumn(batch, name);
  if (column.type === 'string') {
    return { ...column, values: column.values.map((text) => text ?? String(value)) };
  }
  const number = Number(value);
  return { ...column, values: column.values.map((cell) => (Number.isNaN(cell) ? number : cell)) };
}

function standardise(
  batch: ColumnBatch,
  { column, mean, deviation }: { column: string; mean: number; deviation: number },
): Column {
  const { values } = getNumericColumn(batch, column);
  const scaled = values.map((value) => (deviation === 0 ? 0 * value : (value - mean) / deviation));
  return { name: column, type: 'double', values: scaled };
}

function unseenCategory(name: string, row: number, known: number): SlipwayError {
  return new SlipwayError('value_unsupported', {
    what: `Column "${name}", row ${row}: the model does not know this category`,
    expected: `one of the ${known} categories it was trained with`,
    next: 'Correct the value, or set "unseen" in the preprocessing step and train again',
    details: { column: name, row },
  });
}

/** NULL where the model needs a value. */
export function nullValue(name: string, row: number): SlipwayError {
  return new SlipwayError('value_unsupported', {
    what: `Column "${name}", row ${row}: the model needs a value and got NULL`,
    next: 'Send a value, or add an "impute" step and train again',
    details: { column: name, row },
  });
}
