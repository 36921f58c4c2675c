import { describe, expect, it } from 'vitest';
import { parseEnvironment } from './environment.ts';
import { refuseEmbedded } from './refuse-embedded.ts';
import { verbs } from './verbs/index.ts';

const database = { DATABASE_URL: 'postgres://127.0.0.1/slipway' };
const mlflow = { MLFLOW_TRACKING_URI: 'http://127.0.0.1:5000' };

/** Names of the verbs that are refused with these variables. */
function refusedWith(variables: Record<string, string>, names: RegExp = /./): string[] {
  const environment = parseEnvironment(variables);
  return [...verbs].flatMap(([name, verb]) => {
    try {
      refuseEmbedded(verb, environment);
      return [];
    } catch (error) {
      expect(error).toMatchObject({ code: 'embedded_refused', message: expect.stringMatching(names) });
      return [name];
    }
  });
}

const onDatabase = [
  'features load',
  'features status',
  'labels load',
  'db url',
  'db migrate',
  'features check',
  'erase',
  'datasets list',
  'datasets diff',
  'datasets export',
];
const onNothing = ['db status', 'db stop'];
const all = [...verbs.keys()];

describe('in production', () => {
  const SLIPWAY_ENV = 'production';

  it('every verb runs on two servers', () => {
    expect(refusedWith({ SLIPWAY_ENV, ...database, ...mlflow })).toEqual([]);
  });

  it('without a tracking server only those run that ask no registry', () => {
    const free = [...onDatabase, ...onNothing];
    const refused = refusedWith({ SLIPWAY_ENV, ...database }, /MLFLOW_TRACKING_URI/);
    expect(refused).toEqual(all.filter((name) => !free.includes(name)));
    expect(refused).toContain('demo');
  });

  it('without a database server only those run that look at the embedded one', () => {
    const refused = refusedWith({ SLIPWAY_ENV, ...mlflow }, /DATABASE_URL/);
    expect(refused).toEqual(all.filter((name) => !onNothing.includes(name)));
  });
});

it('elsewhere every verb runs on what is there', () => {
  expect(refusedWith({ SLIPWAY_ENV: 'staging' })).toEqual([]);
});
