import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smallestDouble } from './smallest-double.ts';

/** The next double below, by its bits. */
function below(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? -0 : value);
  const bits = view.getBigUint64(0);
  view.setBigUint64(0, value > 0 ? bits - 1n : bits + 1n);
  return view.getFloat64(0);
}

describe('smallestDouble', () => {
  it('finds a threshold itself, to the bit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (threshold) => {
        expect(smallestDouble((value) => value >= threshold) === threshold).toBe(true);
      }),
    );
  });

  it.each<[string, (value: number) => number]>([
    ['log', Math.log],
    ['square root', Math.sqrt],
    ['standardise', (value) => (value - 12.3) / 4.56],
  ])('finds where a %s crosses a threshold: there, and not one double below', (_, f) => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 300, noNaN: true }), (at) => {
        const threshold = f(at);
        const smallest = smallestDouble((value) => f(value) >= threshold);
        expect(f(smallest)).toBeGreaterThanOrEqual(threshold);
        expect(f(below(smallest)) >= threshold).toBe(false);
      }),
    );
  });

  it('tells everywhere from nowhere', () => {
    expect(smallestDouble(() => true)).toBe(-Infinity);
    expect(smallestDouble(() => false)).toBe(Infinity);
    expect(smallestDouble((value) => value > 0)).toBe(5e-324);
    expect(smallestDouble((value) => value === Number.MAX_VALUE)).toBe(Number.MAX_VALUE);
    expect(smallestDouble((value) => value > -Infinity)).toBe(-Number.MAX_VALUE);
  });
});
