import type { Database } from '@slipway/database';
import type { Registry } from '@slipway/registry-client';
import { expect, it } from 'vitest';
import { checkServers } from './check-servers.ts';
import { parseEnvironment } from './environment.ts';
import { findDeployed } from './find-deployed.ts';

const variables = {
  DATABASE_URL: 'postgres://127.0.0.1/slipway',
  MLFLOW_TRACKING_URI: 'http://127.0.0.1:5000',
  SLIPWAY_ENV: 'staging',
};

/** What is asked with these variables, in order. */
async function askedWith(given: Readonly<Record<string, string>>): Promise<string[]> {
  const asked: string[] = [];
  const environment = parseEnvironment(given);
  const registry = registryOf((name, alias) => void asked.push(`${name}@${alias}`));
  await checkServers(
    {
      environment,
      database: async () => (asked.push('database'), {} as Database),
      trackingServer: () => (environment.mlflow === undefined ? undefined : registry),
    },
    { model: 'shop' },
  );
  return asked;
}

function registryOf(find: (name: string, alias: string) => unknown): Registry {
  return { findVersionByAlias: async (name: string, alias: string) => find(name, alias) } as Registry;
}

it('a server of the settings is asked, the database first; what is embedded is not started', async () => {
  const { DATABASE_URL, MLFLOW_TRACKING_URI, SLIPWAY_ENV } = variables;
  expect(await askedWith(variables)).toEqual(['database', 'shop-staging@production']);
  expect(await askedWith({ MLFLOW_TRACKING_URI, SLIPWAY_ENV })).toEqual(['shop-staging@production']);
  expect(await askedWith({ DATABASE_URL, SLIPWAY_ENV })).toEqual(['database']);
  expect(await askedWith({})).toEqual([]);
});

it('models are deployed whose production is there under the name of the environment', async () => {
  const registry = registryOf((name, alias) =>
    name === 'shop-staging' && alias === 'production' ? {} : undefined,
  );
  const found = await findDeployed({ registry, environment: 'staging' }, ['other', 'shop', 'shop-staging']);
  expect(found).toEqual(['shop']);
});
