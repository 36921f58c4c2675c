import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseStored } from './parse-stored.ts';

const first = z.strictObject({ formatVersion: z.literal(1), metres: z.number() });
const second = z.strictObject({ formatVersion: z.literal(2), millimetres: z.int() });
const length = z.discriminatedUnion('formatVersion', [
  first.transform(({ metres }) => ({ formatVersion: 2 as const, millimetres: Math.round(metres * 1000) })),
  second,
]);

describe('parseStored', () => {
  it('reads back what was written', () => {
    expect(parseStored(first, 'length', { formatVersion: 1, metres: 1.5 })).toEqual({
      formatVersion: 1,
      metres: 1.5,
    });
  });

  it('reads every version that the noun understands, as the newest form', () => {
    const newest = { formatVersion: 2, millimetres: 1500 };
    expect(parseStored(length, 'length', { formatVersion: 1, metres: 1.5 })).toEqual(newest);
    expect(parseStored(length, 'length', newest)).toEqual(newest);
  });

  it('names an unknown format version and the way out', () => {
    const read = (schema: z.ZodType, value: unknown) => () => parseStored(schema, 'length', value);
    expect(read(first, { formatVersion: 2 })).toThrowError(
      /expected formatVersion 1, received formatVersion 2. Upgrade/,
    );
    expect(read(length, { formatVersion: 3 })).toThrowError(
      /expected formatVersion 1 or 2, received formatVersion 3. Upgrade/,
    );
    expect(read(length, { formatVersion: 0 })).not.toThrowError(/Upgrade/);
    for (const value of [null, undefined, 7, 'text', {}, { formatVersion: '1' }]) {
      expect(read(length, value)).toThrowError(expect.objectContaining({ code: 'format_unsupported' }));
    }
  });

  it('names the field that is wrong', () => {
    const act = () => parseStored(length, 'length', { formatVersion: 1, metres: 'far' });
    expect(act).toThrowError(/metres:/);
    expect(act).toThrowError(expect.objectContaining({ code: 'schema_mismatch' }));
  });
});
