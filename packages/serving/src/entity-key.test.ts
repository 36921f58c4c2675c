import { batchFromRows, rowCells, type CellValue, type ColumnType } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import { parseEntityKey } from './entity-key.ts';

describe('an entity key', () => {
  /** The key as a label has it: a value of the column type, through the batch that labels are loaded from. */
  const labelKey = (value: CellValue, type: ColumnType): object =>
    rowCells(batchFromRows([{ id: value }], [{ name: 'id', type }]), 0);

  it.each<[ColumnType, unknown, CellValue]>([
    ['long', '7', 7],
    ['long', 7, 7],
    ['long', '-0', 0],
    ['double', '7.50', 7.5],
    ['double', '1e3', 1000],
    ['string', 7, '7'],
    ['string', '007', '007'],
    ['boolean', 'true', true],
    ['boolean', false, false],
    ['datetime', '2011-07-01T06:00:00+06:00', 1_309_478_400_000_000],
    ['datetime', 1_309_478_400_000_000, 1_309_478_400_000_000],
  ])('of type %s, sent as %j, is the key of a label', (type, sent, value) => {
    const key = parseEntityKey({ id: sent }, [{ name: 'id', type }], 0);
    expect(JSON.stringify(key)).toBe(JSON.stringify(labelKey(value, type)));
  });

  it.each<[ColumnType, unknown]>([
    ['long', '7.5'],
    ['long', '9007199254740993'],
    ['long', 2 ** 53],
    ['long', true],
    ['long', ''],
    ['long', '0x10'],
    ['double', 'NaN'],
    ['double', '1e999'],
    ['string', true],
    ['boolean', 1],
    ['boolean', 'yes'],
    ['datetime', 'July'],
    ['datetime', '2011-02-30'],
    ['datetime', true],
  ])('of type %s is refused when sent as %j, by column and row, without the value', (type, sent) => {
    const act = (): unknown => parseEntityKey({ id: sent }, [{ name: 'id', type }], 3);
    expect(act).toThrowError(
      expect.objectContaining({
        code: 'request_invalid',
        details: expect.objectContaining({ row: 3 }) as object,
      }),
    );
    if (String(sent).length > 4) expect(act).not.toThrowError(String(sent));
  });

  it('has the columns of the signature, in their order', () => {
    const declared = [
      { name: 'shop', type: 'long' },
      { name: 'till', type: 'long' },
    ] as const;
    expect(JSON.stringify(parseEntityKey({ till: '2', shop: '1' }, [...declared], 0))).toBe(
      '{"shop":1,"till":2}',
    );
    for (const key of [{ shop: 1 }, { shop: 1, till: 2, door: 3 }, { shop: 1, constructor: 2 }]) {
      expect(() => parseEntityKey(key, [...declared], 0)).toThrowError(/the columns "shop", "till"/);
    }
  });

  it('stays as it was sent when the signature declares none', () => {
    expect(parseEntityKey({ id: '7', open: true, at: 1.5 }, undefined, 0)).toEqual({
      id: '7',
      open: true,
      at: 1.5,
    });
    expect(parseEntityKey(null, undefined, 0)).toBeNull();
    expect(parseEntityKey(undefined, [{ name: 'id', type: 'long' }], 0)).toBeNull();
  });

  it.each([
    [{}],
    [[]],
    ['7'],
    [7],
    [{ id: null }],
    [{ id: { deep: 1 } }],
    [{ id: 'a\0b' }],
    [{ 'a\0b': 1 }],
    [{ id: '\ud800' }],
    [{ id: Infinity }],
    [{ id: 2 ** 53 }],
    [{ id: 'x'.repeat(513) }],
    [Object.fromEntries(Array.from({ length: 17 }, (_, place) => [`k${place}`, 1]))],
  ])('is refused when it cannot be one: %#', (key) => {
    expect(() => parseEntityKey(key, undefined, 0)).toThrowError(
      expect.objectContaining({ code: 'request_invalid' }),
    );
  });
});
