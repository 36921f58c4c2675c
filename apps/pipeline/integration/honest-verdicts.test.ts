import { getNumericColumn, selectColumns, takeRows, type ColumnBatch } from '@slipway/contracts';
import { findDataset, readDataset } from '@slipway/datasets';
import { deployModel, readRegisteredModel, retrainModel, type DeployOutcome } from '@slipway/deployment';
import { addRows, buildBaseline, createDriftState, decideDrift, noAlert, reduceAlert } from '@slipway/drift';
import { evaluateRegression } from '@slipway/evaluation';
import { predictModel, type FittedModel } from '@slipway/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import bikeDemand from '../models/bike-demand.ts';
import diamondPrice from '../models/diamond-price.ts';
import {
  createTestDeployment,
  halfYear,
  readBikes,
  seededRandom,
  shuffledIndexes,
  summer,
  type TestDeployment,
} from './test-deployment.ts';

// Expected ranges: fits of the same data with scikit-learn 1.9.1 and scipy 1.17, over 10 seeds and several splits.

let deployment: TestDeployment;
let first: DeployOutcome;
let version1: FittedModel;
let heldOut: ColumnBatch;
let live: ColumnBatch;

beforeAll(async () => {
  deployment = await createTestDeployment();
  await deployment.loadBikes(halfYear);
  first = await deployModel(deployment.context, bikeDemand);
  const { registry, database } = deployment.context;
  version1 = await readRegisteredModel(registry, await registry.getModelVersion(first.registeredName, '1'));
  const test = await findDataset(database, first.digests!.test);
  heldOut = await readDataset(database, test!, { orderBy: ['hour_start'] });
  live = await readBikes(summer);
});
afterAll(() => deployment.remove());

function predict(rows: ColumnBatch): Float64Array {
  return predictModel(version1, selectColumns(rows, bikeDemand.features));
}

function rentals(rows: ColumnBatch): Float64Array {
  return getNumericColumn(rows, 'rentals').values;
}

function baselineOf(rows: ColumnBatch): ReturnType<typeof buildBaseline> {
  return buildBaseline({
    model: 'bike-demand',
    runId: first.runId!,
    datasetDigest: first.digests!.predictions,
    predictions: predict(rows),
    observed: rentals(rows),
    features: selectColumns(rows, bikeDemand.features),
  });
}

function verdictOf(
  baseline: ReturnType<typeof buildBaseline>,
  rows: ColumnBatch,
): ReturnType<typeof decideDrift> {
  const live = { predictions: predict(rows), features: selectColumns(rows, bikeDemand.features) };
  const state = addRows(baseline, createDriftState(baseline), live);
  return decideDrift({ baseline, state, policy: bikeDemand.monitoring });
}

function slice(rows: ColumnBatch, start: number, end: number): ColumnBatch {
  return takeRows(
    rows,
    Array.from({ length: end - start }, (_, index) => start + index),
  );
}

describe('the first version of bike-demand', () => {
  it('errs as this data lets it and passes its threshold', () => {
    expect(first).toMatchObject({ outcome: 'promoted', version: '1' });
    expect(first.metrics!['rmse']).toBeGreaterThan(33);
    expect(first.metrics!['rmse']).toBeLessThan(40);
    expect(first.metrics!['r2']).toBeGreaterThan(0.89);
    expect(first.metrics!['r2']).toBeLessThan(0.94);
  });

  it('sees no drift in 168 random held-out rows, in about one window of 300', () => {
    const random = seededRandom(20_110_101);
    const order = shuffledIndexes(heldOut.rowCount, random);
    const reference = takeRows(heldOut, order.slice(0, 850));
    const others = takeRows(heldOut, order.slice(850));
    const baseline = baselineOf(reference);
    const outcomes = Array.from({ length: 1000 }, () => {
      const window = takeRows(others, shuffledIndexes(others.rowCount, random).slice(0, 168));
      return verdictOf(baseline, window).outcome;
    });
    expect(outcomes.slice(0, 26).filter((outcome) => outcome === 'drift')).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'drift').length).toBeLessThanOrEqual(10);
  });

  it('sees drift in the weeks of July to September, and alerts in the second', () => {
    const baseline = baselineOf(heldOut);
    const weeks = Array.from({ length: 13 }, (_, week) =>
      verdictOf(baseline, slice(live, week * 168, (week + 1) * 168)),
    );
    const drifted = weeks.map(({ outcome }) => outcome === 'drift');
    expect(drifted.filter(Boolean).length).toBeGreaterThanOrEqual(12);
    for (const { prediction } of weeks) expect(prediction.psi).toBeGreaterThan(0.15);
    let alert = noAlert;
    const firings = weeks.map(({ outcome }, from) => {
      alert = reduceAlert(alert, { outcome, from }, { of: 3, violating: 2 });
      return alert.firing;
    });
    expect(firings.slice(0, 2)).toEqual([false, true]);
  });

  it('errs 1.2 to 2 times as much live as on its test rows', () => {
    const liveRmse = evaluateRegression(rentals(live), predict(live)).rmse;
    const ratio = liveRmse / first.metrics!['rmse']!;
    expect(ratio).toBeGreaterThan(1.2);
    expect(ratio).toBeLessThan(2);
  });
});

describe('the gate', () => {
  it('rejects a model of a shuffled target', async () => {
    const shuffled = await createTestDeployment();
    try {
      await shuffled.loadBikes(halfYear, shuffleRentals);
      const outcome = await deployModel(shuffled.context, bikeDemand);
      expect(outcome).toMatchObject({ outcome: 'kept', version: null, verdict: { outcome: 'rejected' } });
      expect(outcome.metrics!['rmse']).toBeGreaterThan(119);
      expect(await shuffled.context.registry.listModelVersions(outcome.registeredName)).toEqual([]);
    } finally {
      await shuffled.remove();
    }
  });

  it('lets a candidate of newer data replace version 1, on rows that neither was trained on', async () => {
    await deployment.loadBikes(summer);
    const second = await retrainModel(deployment.context, bikeDemand);
    const { verdict } = second;
    expect(second).toMatchObject({ outcome: 'promoted', version: '2' });
    expect(verdict).toMatchObject({
      outcome: 'passed',
      against: 'champion',
      championVersion: '1',
      position: 'inside',
    });
    expect(verdict!.gain).toBeGreaterThan(0.06);
    expect(verdict!.gain).toBeLessThan(0.15);
    expect(verdict!.championStored).toBe(first.metrics!['rmse']);
    const { rowsScored, blocksScored, confidence } = verdict!;
    expect(rowsScored).toBeGreaterThan(blocksScored! * 20);
    expect(verdict!.sentence).toContain(
      `on the same ${rowsScored} fresh rows of ${blocksScored} dates, inside the candidate's training window; confidence ${confidence!.toFixed(3)} by date blocks`,
    );
  });

  it('keeps version 2 against three trees', async () => {
    const params = { ...(bikeDemand.estimator as { params: object }).params, nEstimators: 3 };
    const estimator = { ...bikeDemand.estimator, params } as typeof bikeDemand.estimator;
    const outcome = await deployModel(deployment.context, { ...bikeDemand, estimator });
    expect(outcome).toMatchObject({
      outcome: 'kept',
      verdict: { outcome: 'rejected', championVersion: '2' },
    });
    expect(outcome.verdict!.gain).toBeLessThan(-0.05);
    expect(outcome.verdict!.confidence).toBeLessThan(0.16);
    const production = await deployment.context.registry.findVersionByAlias(
      outcome.registeredName,
      'production',
    );
    expect(production?.version).toBe('2');
  });

  it('lets diamond-price pass, in dollars, with the log of the price undone', async () => {
    await deployment.loadDiamonds();
    const outcome = await deployModel(deployment.context, diamondPrice);
    expect(outcome).toMatchObject({ outcome: 'promoted', version: '1' });
    expect(outcome.metrics!['rmse']).toBeGreaterThan(770);
    expect(outcome.metrics!['rmse']).toBeLessThan(864);
    expect(outcome.metrics!['r2']).toBeGreaterThan(0.95);
  });
});

/** The same rows with the values of the last column in another order. */
function shuffleRentals(csv: string): string {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const cut = lines.map((line) => line.lastIndexOf(','));
  const order = shuffledIndexes(lines.length, seededRandom(7));
  const shuffled = lines.map((line, row) => {
    const other = order[row]!;
    return line.slice(0, cut[row]) + lines[other]!.slice(cut[other]);
  });
  return [header, ...shuffled, ''].join('\n');
}
