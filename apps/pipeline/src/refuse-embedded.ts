import { SlipwayError } from '@slipway/contracts';
import { refuseEmbeddedRegistry } from '@slipway/registry-client';
import type { Environment } from './environment.ts';
import type { Verb } from './verb.ts';

/**
 * Under SLIPWAY_ENV=production a verb works on servers or not at all. Asked before it starts, so that nothing is written.
 * @throws SlipwayError `embedded_refused` naming the variable that is missing
 */
export function refuseEmbedded(
  { refusesEmbedded = 'both' }: Pick<Verb, 'refusesEmbedded'>,
  environment: Pick<Environment, 'environment' | 'databaseUrl' | 'mlflow'>,
): void {
  if (refusesEmbedded === 'none') return;
  refuseEmbeddedDatabase(environment);
  if (refusesEmbedded === 'both') refuseEmbeddedRegistry(environment);
}

function refuseEmbeddedDatabase({
  environment,
  databaseUrl,
}: Pick<Environment, 'environment' | 'databaseUrl'>): void {
  if (environment !== 'production' || databaseUrl !== undefined) return;
  throw new SlipwayError('embedded_refused', {
    what: 'The embedded database is refused under SLIPWAY_ENV=production: a runner must not deploy into a throwaway folder',
    expected: 'DATABASE_URL with a Postgres server',
    next: 'Set DATABASE_URL, or use another SLIPWAY_ENV',
  });
}
