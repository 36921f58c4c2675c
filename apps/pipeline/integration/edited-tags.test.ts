import {
  deployModel,
  explainVersion,
  planDeployment,
  retrainModel,
  type ModelDefinition,
  type StepEvent,
} from '@slipway/deployment';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import { createTestDeployment, day, type TestDeployment } from './test-deployment.ts';

let deployment: TestDeployment;
let runId: string;

beforeAll(async () => {
  deployment = await createTestDeployment();
  await deployment.loadBikes({ from: day('2011-01-01'), to: day('2011-03-01') });
  const first = await deployModel(deployment.context, withTrees(3));
  expect(first).toMatchObject({ outcome: 'promoted', version: '1' });
  runId = first.runId!;
});
afterAll(() => deployment.remove());

function withTrees(nEstimators: number, maxDepth = 8): ModelDefinition {
  const estimator = {
    ...bikeDemand.estimator,
    params: { nEstimators, maxDepth },
  } as ModelDefinition['estimator'];
  return { ...bikeDemand, estimator };
}

/** Does some work while a tag of the run holds another value, and says what was warned of. */
async function withTag(key: string, value: string, work: () => Promise<void>): Promise<string[]> {
  const { registry } = deployment.context;
  const before = (await registry.getRun(runId)).tags[key]!;
  await registry.logBatch(runId, { tags: { [key]: value } });
  warnings = [];
  try {
    await work();
  } finally {
    await registry.logBatch(runId, { tags: { [key]: before } });
  }
  return warnings;
}

let warnings: string[] = [];
const onStep = (event: StepEvent): void => {
  if (event.kind === 'warning') warnings.push(event.sentence);
};

describe('a run whose tag somebody edited', () => {
  it.each([
    ['slipway.verdict', 'not json'],
    ['slipway.verdict', 'x'.repeat(7_900)],
    ['slipway.verdict', '{"outcome":"passed"}'],
    ['slipway.gate', '{'],
    ['slipway.watermark', 'many'],
    ['slipway.watermark', '1e999'],
  ])('is left out of a plan and named, and explain says which: %s, case %#', async (key, value) => {
    const context = { ...deployment.context, onStep };
    const said = await withTag(key, value, async () => {
      expect(await planDeployment(context, withTrees(3))).toMatchObject({ action: 'deploy', watermark: 1 });
      const explained = explainVersion(context, { model: 'bike-demand', selector: 'production' });
      const error = await explained.catch((failure: unknown) => failure as Error);
      expect(error).toMatchObject({ code: 'artifact_invalid' });
      for (const part of [runId, key]) expect((error as Error).message).toContain(part);
      expect((error as Error).message.length).toBeLessThan(400);
    });
    expect(said).toHaveLength(1);
    for (const part of [runId, key]) expect(said[0]).toContain(part);
  });

  it('stops everything when a newer program wrote it', async () => {
    await withTag('slipway.verdict', '{"formatVersion":2}', async () => {
      const newer = { code: 'format_unsupported' };
      await expect(planDeployment(deployment.context, withTrees(3))).rejects.toMatchObject(newer);
      const explained = explainVersion(deployment.context, { model: 'bike-demand', selector: '1' });
      await expect(explained).rejects.toMatchObject(newer);
    });
  });

  it.each([['slipway.verdict'], ['slipway.watermark']])('lets deploy and retrain decide: %s', async (key) => {
    const { context } = deployment;
    await withTag(key, 'nonsense', async () => {
      const trees = key === 'slipway.verdict' ? 1 : 2;
      const deployed = await deployModel(context, withTrees(trees));
      expect(deployed).toMatchObject({ watermark: 1, verdict: { against: 'champion' } });
      expect(await retrainModel(context, withTrees(trees))).toMatchObject({ outcome: 'nothing' });
    });
  });

  it('has its verdict decided again when the process that recorded it died', async () => {
    const { context } = deployment;
    const refused = await deployModel(context, withTrees(1, 1));
    expect(refused).toMatchObject({ outcome: 'kept' });
    await context.registry.updateRun(refused.runId!, { status: 'RUNNING' });
    await context.registry.logBatch(refused.runId!, { tags: { 'slipway.verdict': 'nonsense' } });
    const again = await deployModel(context, withTrees(1, 1));
    expect(again).toMatchObject({ runId: refused.runId, outcome: 'kept', verdict: refused.verdict });
  });
});
