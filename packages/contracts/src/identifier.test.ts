import { describe, expect, it } from 'vitest';
import { checkIdentifier, checkModelName } from './identifier.ts';

describe('checkIdentifier', () => {
  it('accepts 63 characters and refuses 64', () => {
    expect(checkIdentifier('a'.repeat(63), 'Column')).toHaveLength(63);
    expect(() => checkIdentifier('a'.repeat(64), 'Column')).toThrowError(/at most 63/);
  });

  it.each(['', '1a', 'A', 'a-b', 'a b', 'a"b', 'ä', "a';drop table x"])('refuses %j', (name) => {
    expect(() => checkIdentifier(name, 'Column')).toThrowError(
      expect.objectContaining({ code: 'configuration_invalid' }),
    );
  });
});

describe('checkModelName', () => {
  it('accepts hyphens and refuses underscores', () => {
    expect(checkModelName('bike-demand')).toBe('bike-demand');
    expect(() => checkModelName('bike_demand')).toThrowError(/hyphens/);
  });
});
