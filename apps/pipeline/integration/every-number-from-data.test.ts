import { deployModel, type DeployOutcome, type ModelDefinition } from '@slipway/deployment';
import { afterAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createTestDeployment, halfYear, type TestDeployment } from './test-deployment.ts';

const opened: TestDeployment[] = [];
afterAll(() => Promise.all(opened.map((deployment) => deployment.remove())));

async function deployFirst(model: ModelDefinition, change?: (csv: string) => string): Promise<DeployOutcome> {
  const deployment = await createTestDeployment();
  opened.push(deployment);
  await deployment.loadBikes(halfYear, change);
  return deployModel(deployment.context, model);
}

const facts = ({ digests, metrics }: DeployOutcome): object => ({ digests, rmse: metrics!['rmse'] });

describe('every number comes from the data', () => {
  it('gives the same digests, metrics and predictions from the same file and configuration', async () => {
    expect(facts(await deployFirst(bikeDemand))).toEqual(facts(await deployFirst(bikeDemand)));
  });

  it('changes the digests, metrics and predictions with one row of the file', async () => {
    const before = await deployFirst(bikeDemand);
    const after = await deployFirst(bikeDemand, (csv) => {
      const [header, first = '', ...rest] = csv.split('\n');
      return [header, `${first.slice(0, first.lastIndexOf(','))},777`, ...rest].join('\n');
    });
    const changed = (key: 'train' | 'test' | 'predictions' | 'artifact'): boolean =>
      before.digests![key] !== after.digests![key];
    expect(changed('train') || changed('test')).toBe(true);
    expect(changed('predictions')).toBe(true);
    expect(after.metrics!['rmse']).not.toBe(before.metrics!['rmse']);
  });

  it('changes the model and its predictions with the seed, and not the data', async () => {
    const before = await deployFirst(bikeDemand);
    const estimator = { ...bikeDemand.estimator, seed: 43 } as ModelDefinition['estimator'];
    const after = await deployFirst({ ...bikeDemand, estimator });
    expect(after.digests).toMatchObject({ train: before.digests!.train, test: before.digests!.test });
    expect(after.digests!.artifact).not.toBe(before.digests!.artifact);
    expect(after.digests!.predictions).not.toBe(before.digests!.predictions);
    expect(after.metrics!['rmse']).not.toBe(before.metrics!['rmse']);
  });
});
