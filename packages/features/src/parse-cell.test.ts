import { describe, expect, it } from 'vitest';
import { parseCell } from './parse-cell.ts';

describe('a long as text', () => {
  it.each([
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', -Number.MAX_SAFE_INTEGER],
    ['+7', 7],
    ['7.', 7],
    ['7.000', 7],
    ['1.50e1', 15],
    ['10E-1', 1],
    ['0e-400', 0],
    ['1e3', 1000],
  ])('is a whole number however it is written: %s', (text, value) => {
    expect(parseCell(text, 'long')).toBe(value);
  });

  it.each([
    '9007199254740992',
    '9007199254740993',
    '9007199254740990.6',
    '4503599627370497.5',
    '0.99999999999999999999',
    '1.00000000000000000001',
    '1e-400',
    '15e-1',
    '.5',
  ])('is none when it would be rounded to one: %s', (text) => {
    expect(parseCell(text, 'long')).toBeUndefined();
  });
});
