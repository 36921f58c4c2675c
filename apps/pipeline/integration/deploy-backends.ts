import { findPostgresServer } from '@slipway/database/testing';
import { mlflowCacheFolder, startMlflowServer, type MlflowMajor } from '@slipway/registry-client/testing';
import { patient } from './cli-project.ts';
import type { Backend } from './deploy-subject.ts';
import { createDeployTemplate, type DeployTemplate } from './deploy-template.ts';
import { startReverseProxy } from './reverse-proxy.ts';

export type BackendName = 'embedded' | 'MLflow 3' | 'MLflow 2';

/** The servers that a deploy writes to, started once, each with a template for the databases on it. */
export interface DeployBackends {
  readonly of: Readonly<Record<BackendName, { backend: Backend; template: DeployTemplate }>>;
  stop(): Promise<void>;
}

/**
 * Two kinds: `embedded` is one embedded PostgreSQL that holds the registry, too; behind the others stand a Postgres
 * server that somebody else started and a live MLflow.
 * @throws SlipwayError `database_unreachable` without a Postgres server
 */
export async function startDeployBackends(
  variables: Readonly<Record<string, string | undefined>>,
): Promise<DeployBackends> {
  const ended: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ended.reverse()) await end();
  };
  const keepTemplate = async (options: { server?: string }): Promise<DeployTemplate> => {
    const template = await createDeployTemplate(options);
    ended.push(() => template.remove());
    return template;
  };
  const startMlflow = async (major: MlflowMajor): Promise<Backend> => {
    const cacheFolder = mlflowCacheFolder(variables);
    const server = await startMlflowServer({ major, ...(cacheFolder === undefined ? {} : { cacheFolder }) });
    ended.push(() => server.stop());
    const proxy = await startReverseProxy(server.url);
    ended.push(() => proxy.stop());
    // A busy machine that is slow to answer is not what kills here.
    const environment = { MLFLOW_TRACKING_URI: proxy.url, ...patient };
    return { name: `MLflow ${server.version}`, environment, untilIdle: () => proxy.untilIdle() };
  };
  try {
    const { url } = await findPostgresServer(variables['DATABASE_URL']);
    const embedded = await keepTemplate({});
    const real = await keepTemplate({ server: url });
    const of = {
      embedded: { backend: { name: 'embedded', environment: {} }, template: embedded },
      'MLflow 3': { backend: await startMlflow('3'), template: real },
      'MLflow 2': { backend: await startMlflow('2'), template: real },
    };
    return { of, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
