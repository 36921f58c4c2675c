import { expect, it } from 'vitest';
import { refuseEmbeddedRegistry } from './refuse-embedded-registry.ts';

const mlflow = { trackingUri: 'http://127.0.0.1:5000' };

it('refuses production without a tracking server, and names the variable', () => {
  const refused = (): void => refuseEmbeddedRegistry({ environment: 'production', mlflow: undefined });
  expect(refused).toThrow(expect.objectContaining({ code: 'embedded_refused' }));
  expect(refused).toThrow(/MLFLOW_TRACKING_URI/);
});

it.each([
  ['production', mlflow],
  ['development', undefined],
  ['production-like', undefined],
])('lets %s be with %j', (environment, settings) => {
  expect(() => refuseEmbeddedRegistry({ environment, mlflow: settings })).not.toThrow();
});
