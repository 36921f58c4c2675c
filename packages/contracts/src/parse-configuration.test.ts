import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { parseConfiguration } from './parse-configuration.ts';

const schema = z.strictObject({
  name: z.string(),
  estimator: z.discriminatedUnion('family', [
    z.strictObject({
      family: z.literal('forest'),
      seed: z.int(),
      params: z.strictObject({ nEstimators: z.int() }).optional(),
    }),
    z.strictObject({ family: z.literal('linear') }),
  ]),
  steps: z.array(z.strictObject({ step: z.string() })).default([]),
});
const parse = (value: unknown) => parseConfiguration(schema, 'model configuration "m"', value);

describe('parseConfiguration', () => {
  it('fills defaults', () => {
    expect(parse({ name: 'm', estimator: { family: 'linear' } })).toEqual({
      name: 'm',
      estimator: { family: 'linear' },
      steps: [],
    });
  });

  it('names unknown keys at any depth with the nearest right one, and all problems at once', () => {
    const act = () =>
      parse({
        nmae: 1,
        estimator: { family: 'forest', seeed: 1, params: { nEstimator: 5 } },
        steps: [{ setp: 'x' }],
      });
    for (const words of [
      '"nmae" is not a key here, did you mean "name"',
      'did you mean "seed"',
      'did you mean "nEstimators"',
      '"steps.0.setp"',
      '"name": ',
    ]) {
      expect(act).toThrowError(words);
    }
    expect(act).toThrowError(expect.objectContaining({ code: 'configuration_invalid' }));
  });

  it('says of a value that is not there that it is missing', () => {
    expect(() => parse({ name: 'm', estimator: { family: 'forest' } })).toThrowError(
      /"estimator\.seed": missing, expected number\.?$/,
    );
  });

  it('names no key as near to itself, where another kind of a union has it', () => {
    expect(() => parse({ name: 'm', estimator: { family: 'linear', seed: 1 } })).toThrowError(
      /"estimator\.seed" is not a key here\.?$/,
    );
  });

  it('does not show values', () => {
    expect(() => parse({ name: 4711, estimator: { family: 'linear' } })).toThrowError(/^(?!.*4711).*"name"/s);
  });
});

describe('nearestName', () => {
  it('finds a near name and refuses a far one', () => {
    expect(nearestName('seeed', ['seed', 'params'])).toBe('seed');
    expect(nearestName('deplyo', ['deploy', 'retrain'])).toBe('deploy');
    expect(nearestName('zzzzzz', ['seed', 'params'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });
});
