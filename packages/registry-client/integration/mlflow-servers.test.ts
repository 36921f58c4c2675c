import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMlflowClient, type Registry } from '../src/index.ts';
import {
  mlflowCacheFolder,
  mlflowReleases,
  registryContractCases,
  startMlflowServer,
  type MlflowMajor,
  type MlflowTestServer,
} from '../src/testing/index.ts';
import { serverTraps } from './server-traps.ts';
import { wrongClients } from './wrong-clients.ts';

const majors = Object.keys(mlflowReleases) as MlflowMajor[];

describe.each(majors)('MLflow %s', (major) => {
  let server: MlflowTestServer;
  const connect = (fetch?: typeof globalThis.fetch): Registry =>
    createMlflowClient({ trackingUri: server.url, fetch });

  beforeAll(async () => {
    // The first time it is installed.
    server = await startMlflowServer({ major, cacheFolder: mlflowCacheFolder(process.env) });
  }, 600_000);
  afterAll(() => server.stop());

  describe('contract', () => {
    it.each(registryContractCases)('$name', ({ run }) => run(connect()));
  });

  describe('traps', () => {
    const own = serverTraps.filter(({ majors: only }) => only.includes(major));
    it.each(own)('$name', ({ run }) => run({ registry: connect(), server }));
  });

  describe('a wrong client fails the contract', () => {
    it.each(wrongClients)('$name', async ({ fetch, failing }) => {
      const failed: string[] = [];
      for (const { name, run } of registryContractCases) {
        if (failing.includes(name)) await run(connect(fetch)).catch(() => failed.push(name));
      }
      expect(failed).toEqual(failing);
    });
  });
});
