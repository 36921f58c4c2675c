import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectDatabase } from '@slipway/database';
import { findPostgresServer, type PostgresServer } from '@slipway/database/testing';
import { createMlflowClient } from '@slipway/registry-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { copyProject } from './cli-project.ts';
import { documentedCommands, putInPlace } from './documented-commands.ts';
import { startPageServers, type PageServers } from './page-servers.ts';

const programs = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

let postgres: PostgresServer;
let servers: PageServers;
let project: string;
const cleanups: (() => Promise<void>)[] = [];
beforeAll(async () => {
  postgres = await findPostgresServer(process.env['DATABASE_URL']);
  servers = await startPageServers(postgres);
  cleanups.push(() => servers.remove());
  project = await copyProject();
  cleanups.push(() => rm(project, { recursive: true, force: true }));
  // Where nobody has run it yet, MLflow is installed first.
}, 900_000);
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup();
});

async function query<T>(name: string, statement: string): Promise<T | undefined> {
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  const database = await connectDatabase({ url: url.href, maxConnections: 1 });
  try {
    return (await database.query<T & object>(statement))[0];
  } finally {
    await database.close();
  }
}

it('docs/real-servers.md: the commands without Docker lead to a version that serves', async () => {
  const steps = putInPlace(await documentedCommands('real-servers.md', 'npx slipway db migrate'), [
    // The program that npx would find.
    ['npx slipway ', 'slipway '],
    // It runs until it is ended: see serve-verb.test.ts.
    ['slipway serve bike-demand\n', ''],
  ]);
  const env = { PATH: `${programs}:${dirname(process.execPath)}:/usr/bin:/bin`, SLIPWAY_USER: 'ada' };
  const options = { cwd: project, env };
  const { stdout } = await promisify(execFile)('sh', ['-euc', servers.exports + steps], options);
  expect(stdout).toMatch(/production\s+-> version 1/);

  const { slipway, mlflow } = servers.databases;
  const registry = createMlflowClient({ trackingUri: servers.trackingUri });
  const serving = await registry.findVersionByAlias('bike-demand-development', 'production');
  expect(serving).toMatchObject({ version: '1' });
  expect(await query(mlflow, 'SELECT count(*)::int AS versions FROM model_versions')).toEqual({
    versions: 1,
  });
  expect(await query(slipway, 'SELECT count(*)::int AS rows FROM features.bike_hours')).toEqual({
    rows: 4_250,
  });
  for (const name of [slipway, mlflow])
    expect(await query(name, 'SHOW server_encoding')).toEqual({ server_encoding: 'UTF8' });
  expect(await readdir(join(servers.home, 'mlflow-artifacts'))).not.toEqual([]);
});
