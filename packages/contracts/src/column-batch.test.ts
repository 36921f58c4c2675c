import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchFromRows } from './batch-from-rows.ts';
import { createColumnBatch, getColumn, getNumericColumn, selectColumns, takeRows } from './column-batch.ts';
import { rowCells } from './row-cells.ts';

const columns = [
  { name: 'price', type: 'double' },
  { name: 'count', type: 'long' },
  { name: 'open', type: 'boolean' },
  { name: 'note', type: 'string' },
  { name: 'at', type: 'datetime' },
] as const;

const anyRow = fc.record({
  price: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  count: fc.option(fc.maxSafeInteger()),
  open: fc.option(fc.boolean()),
  note: fc.option(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'))),
  at: fc.option(fc.maxSafeInteger()),
});

describe('batchFromRows', () => {
  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const batch = batchFromRows(rows, columns);
        expect(rows.map((_, row) => rowCells(batch, row))).toEqual(rows.map((row) => ({ ...row })));
      }),
    );
  });

  it.each([
    ['price', NaN, 'NaN'],
    ['price', Infinity, 'infinity'],
    ['price', '1', 'text'],
    ['count', 2 ** 53, 'integer'],
    ['count', 1.5, 'fraction'],
    ['open', 2, 'true or false'],
    ['note', 'a\0b', 'U+0000'],
    ['note', '\ud800', 'surrogate'],
    ['at', 0.5, 'microseconds'],
    // What drivers and programs without types give.
    ['at', new Date(0) as never, 'received a Date'],
    ['count', 1n as never, 'received a value of type bigint'],
  ])('refuses %s of %s and names column and row, not the value', (name, value, words) => {
    const act = () => batchFromRows([{}, { [name]: value }], columns);
    expect(act).toThrowError(
      expect.objectContaining({
        code: 'value_unsupported',
        details: expect.objectContaining({ column: name, row: 1 }),
      }),
    );
    expect(act).toThrowError(words);
  });

  it('accepts the largest safe integer on both sides', () => {
    const rows = [{ count: 2 ** 53 - 1 }, { count: -(2 ** 53 - 1) }];
    expect([...getNumericColumn(batchFromRows(rows, columns), 'count').values]).toEqual([
      2 ** 53 - 1,
      -(2 ** 53 - 1),
    ]);
  });
});

describe('ColumnBatch', () => {
  const batch = batchFromRows(
    [
      { price: 1, note: 'a' },
      { price: 2, note: null },
      { price: 3, note: 'c' },
    ],
    columns,
  );

  it('takes rows and columns without changing the original', () => {
    const taken = selectColumns(takeRows(batch, [2, 0, 2]), ['note', 'price']);
    expect(taken.rowCount).toBe(3);
    expect(getColumn(taken, 'note').values).toEqual(['c', 'a', 'c']);
    expect(batch.rowCount).toBe(3);
  });

  it('refuses unequal lengths, doubled names, unknown and mistyped columns', () => {
    const price = { name: 'price', type: 'double', values: Float64Array.of(1) } as const;
    const mismatch = expect.objectContaining({ code: 'schema_mismatch' });
    expect(() =>
      createColumnBatch([price, { ...price, name: 'other', values: new Float64Array(2) }]),
    ).toThrowError(mismatch);
    expect(() => createColumnBatch([price, price])).toThrowError(mismatch);
    expect(() => getColumn(batch, 'prize')).toThrowError(mismatch);
    expect(() => getNumericColumn(batch, 'note')).toThrowError(mismatch);
  });
});
