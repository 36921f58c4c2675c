import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabaseOptions } from '@slipway/database/testing';
import { deployModel, type DeploymentContext, type ModelDefinition } from '@slipway/deployment';
import { featuresMigrations, loadFeatureTable } from '@slipway/features';
import bikeHours from '../features/bike-hours.ts';
import { copyProject } from './cli-project.ts';
import { createDeploySubject, type Backend, type DeploySubject } from './deploy-subject.ts';
import { day } from './test-deployment.ts';

const modelFile = join('apps', 'pipeline', 'models', 'bike-demand.ts');

/** `first`: nothing serves yet. `second`: a weak version serves, and the candidate has to beat it. */
export type Scenario = 'first' | 'second';

/** A project and a database with feature rows and none of the other schemas, to be copied for each round. */
export interface DeployTemplate {
  createSubject(backend: Backend, scenario: Scenario, name: string): Promise<DeploySubject>;
  remove(): Promise<void>;
}

/** @param options which server its databases lie on. @default the embedded one that all tests share */
export async function createDeployTemplate(
  options: Pick<TestDatabaseOptions, 'directory' | 'server'> = {},
): Promise<DeployTemplate> {
  const folder = await copyProject();
  const path = join(folder, modelFile);
  await writeFile(path, (await readFile(path, 'utf8')).replace('nEstimators: 100', 'nEstimators: 10'));
  const template = await createTestDatabase(options);
  await migrate(template.database, featuresMigrations);
  const where = { column: 'hour_start', from: day('2011-01-01'), to: day('2011-03-01') };
  const source = { kind: 'csv', path: join(folder, 'apps/pipeline/data/bike-hours.csv'), where } as const;
  await loadFeatureTable(template.database, bikeHours, source, { holder: 'template', now: Date.now });
  await template.database.close();
  return {
    async createSubject(backend, scenario, name) {
      const test = await createTestDatabase({ ...options, template: template.url });
      const subject = createDeploySubject({ backend, folder, test, name });
      if (scenario === 'second') await subject.inspect(deployWeak);
      return subject;
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
      await template.drop();
    },
  };
}

async function deployWeak(context: DeploymentContext, model: ModelDefinition): Promise<void> {
  const params = { nEstimators: 1, maxDepth: 2 };
  const estimator = { ...model.estimator, params } as ModelDefinition['estimator'];
  const gate = { ...model.gate, threshold: 1_000 };
  const { outcome } = await deployModel(context, { ...model, estimator, gate });
  if (outcome !== 'promoted') throw new Error(`the first version was not promoted but ${outcome}`);
}
