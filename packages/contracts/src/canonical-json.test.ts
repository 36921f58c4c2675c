import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('gives the example of RFC 8785, section 3.2.3 (sorted by UTF-16 code unit)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object)).toHaveLength(7);
    const order = [...canonicalJson(value).matchAll(/:"([A-Z])/g)].map((match) => match[1]).join('');
    expect(order).toBe('COCLEEH');
  });

  it('prints numbers as RFC 8785, appendix B', () => {
    expect(canonicalJson([-0, 5e-324, 9007199254740992, 295147905179352830000, 1e21, 1e-7])).toBe(
      '[0,5e-324,9007199254740992,295147905179352830000,1e+21,1e-7]',
    );
  });

  it('does not depend on key order and round-trips', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
    expect(canonicalJson({ b: 1, a: undefined, c: [null] })).toBe(canonicalJson({ c: [null], b: 1 }));
  });

  it.each([NaN, Infinity, 10n, () => 1, Symbol('x'), undefined, new Date(0), new Map(), '\ud800'])(
    'refuses what JSON cannot hold: %#',
    (value) => {
      expect(() => canonicalJson({ deep: [value ?? (() => 1)] })).toThrowError(
        expect.objectContaining({ code: 'value_unsupported' }),
      );
    },
  );
});
