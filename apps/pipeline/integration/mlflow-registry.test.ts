import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMlflowClient } from '@slipway/registry-client';
import {
  mlflowCacheFolder,
  mlflowReleases,
  startMlflowServer,
  type MlflowMajor,
  type MlflowTestServer,
} from '@slipway/registry-client/testing';
import type { DeployOutcome } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const data = 'apps/pipeline/data/bike-hours.csv';

describe.each(Object.keys(mlflowReleases) as MlflowMajor[])('the pipeline on MLflow %s', (major) => {
  let server: MlflowTestServer;
  let project: CliProject;

  beforeAll(async () => {
    server = await startMlflowServer({ major, cacheFolder: mlflowCacheFolder(process.env) });
    project = await createCliProject({ MLFLOW_TRACKING_URI: server.url });
    await project.json(['features', 'load', 'bike_hours', '--file', data, '--to', '2011-04-01']);
  }, 600_000);
  afterAll(async () => {
    await project.remove();
    await server.stop();
  });

  it('deploys, finds nothing to do, and writes nothing of it to Postgres', async () => {
    expect(await project.json<DeployOutcome>(['deploy', 'bike-demand'])).toMatchObject({
      outcome: 'promoted',
      version: '1',
    });
    expect(await project.json<DeployOutcome>(['deploy', 'bike-demand'])).toMatchObject({
      outcome: 'nothing',
    });
    const { stdout } = await project.run('explain', 'bike-demand@production');
    expect(stdout).toContain('bike-demand-development version 1 (production)');
    const registry = createMlflowClient({ trackingUri: server.url });
    const version = await registry.findVersionByAlias('bike-demand-development', 'production');
    const run = await registry.getRun(version?.runId ?? '');
    expect(run).toMatchObject({ status: 'FINISHED', modelIds: [version?.modelId] });
    expect(run.inputs).toHaveLength(3);
    const [rows] = await project.database.query('SELECT count(*)::int AS runs FROM registry.run');
    expect(rows).toEqual({ runs: 0 });
  });
});

describe('a tracking server that cannot be used', () => {
  it('ends with exit code 6 and names the variables, never the password', async () => {
    const denying = createServer((_, response) => response.writeHead(401).end('You are not authenticated.'));
    await new Promise<void>((resolve) => denying.listen(0, '127.0.0.1', resolve));
    const { port } = denying.address() as AddressInfo;
    const other = await createCliProject({ MLFLOW_TRACKING_URI: `http://ada:secret@127.0.0.1:${port}` });
    try {
      await other.json(['features', 'load', 'bike_hours', '--file', data, '--to', '2011-02-01']);
      const denied = await other.run('deploy', 'bike-demand');
      expect(denied.code).toBe(6);
      expect(denied.stderr).toContain(`registry_auth_failed: Reading an experiment failed`);
      expect(denied.stderr).toContain('Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD');
      expect(denied.stderr + denied.stdout).not.toContain('secret');
    } finally {
      await other.remove();
      await new Promise((resolve) => denying.close(resolve));
    }
  });

  it('is refused as configuration when it is no address', async () => {
    const other = await createCliProject({ MLFLOW_TRACKING_URI: './mlruns' });
    const refused = await other.run('status');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('MLFLOW_TRACKING_URI');
    await other.remove();
  });
});
