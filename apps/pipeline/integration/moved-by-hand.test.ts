import type { DeploymentPlan } from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCliProject, type CliProject } from './cli-project.ts';

const model = 'apps/pipeline/models/bike-demand.ts';
let project: CliProject;

/** What a person does with an alias in the registry's own pages. */
const moveByHand = (version: number): Promise<unknown> =>
  project.database.execute(`UPDATE registry.model_alias SET version = ${version} WHERE alias = 'production'`);

beforeAll(async () => {
  project = await createCliProject();
  await project.json([
    'features',
    'load',
    'bike_hours',
    '--file',
    'apps/pipeline/data/bike-hours.csv',
    '--to',
    '2011-03-01',
  ]);
  await project.edit(model, 'nEstimators: 100', 'nEstimators: 1');
  await project.json(['deploy', 'bike-demand']);
  await project.edit(model, 'nEstimators: 1', 'nEstimators: 20');
  expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'promoted', version: '2' });
});
afterAll(() => project.remove());

describe('an alias that somebody moved in the registry', () => {
  it('is named by a plan that has nothing to deploy', async () => {
    await moveByHand(1);
    const plan = await project.json<DeploymentPlan>(['plan', 'bike-demand']);
    expect(plan).toMatchObject({
      action: 'nothing',
      information: [
        'version 1 serves, moved there outside Slipway; "slipway promote bike-demand --version 2 --reason <why>" lets version 2 serve',
      ],
    });
    await project.json(['promote', 'bike-demand', '--version', '2', '--reason', 'back']);
    expect(await project.json(['plan', 'bike-demand'])).toMatchObject({ information: [] });
  });

  it('and deleted is set again by a deploy, to the version of these inputs', async () => {
    await project.database.execute(`DELETE FROM registry.model_alias WHERE alias = 'production'`);
    const plan = await project.json<DeploymentPlan>(['plan', 'bike-demand']);
    expect(plan).toMatchObject({
      action: 'deploy',
      reasons: [
        'nothing serves, as the alias production is gone; version 2 was made from exactly these inputs',
      ],
    });
    expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({
      outcome: 'promoted',
      version: '2',
    });
    expect(await project.json(['deploy', 'bike-demand'])).toMatchObject({ outcome: 'nothing' });
  });
});
