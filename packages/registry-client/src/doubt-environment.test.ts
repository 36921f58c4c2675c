import { expect, it } from 'vitest';
import { doubtEnvironment } from './doubt-environment.ts';

it.each(['prod', 'prd', 'live'])('doubts %s, and says which name counts', (environment) => {
  expect(doubtEnvironment(environment)).toMatch(
    new RegExp(`SLIPWAY_ENV=${environment} .*SLIPWAY_ENV=production`),
  );
});

it.each(['production', 'development', 'staging', 'products', 'live-demo'])(
  'does not doubt %s',
  (environment) => {
    expect(doubtEnvironment(environment)).toBeUndefined();
  },
);
