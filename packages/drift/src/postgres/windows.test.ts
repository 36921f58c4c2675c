import { batchFromRows, type DriftState, type Relation } from '@slipway/contracts';
import { migrate } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addRows, buildBaseline, createDriftState, noAlert } from '../index.ts';
import {
  cutWindows,
  driftMigrations,
  liveErrors,
  poolErrors,
  readWindowResults,
  storeWindowResults,
  type Window,
  type WindowResult,
} from './index.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, driftMigrations);
  await test.database.execute('CREATE TABLE live (at bigint, prediction float8, label float8)');
});
afterAll(() => test.drop());
beforeEach(() => test.database.execute('TRUNCATE live, monitoring.window_result'));

const relation: Relation = {
  source: 'live',
  sql: `SELECT timestamptz 'epoch' + at * interval '1 microsecond', prediction, label FROM live WHERE label < $1 OR label IS NULL`,
  parameters: [1e9],
  columns: [
    { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
    { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
    { name: 'label', type: 'double', role: 'attribute', nullable: true },
  ],
  watermark: {},
};
const now = 1e6;

async function addTimes(...times: readonly number[]): Promise<void> {
  await test.database.execute('INSERT INTO live SELECT unnest($1::bigint[]), 1, NULL', [times]);
}

function cut(closed: readonly Window[] = [], at = now): Promise<Window[]> {
  return cutWindows(test.database, relation, {
    rows: 3,
    closed: closed.filter(({ isClosed }) => isClosed),
    now: at,
  });
}

describe('windows of three rows', () => {
  it('follow each other without gap; the last one is open', async () => {
    expect(await cut()).toEqual([]);
    await addTimes(10, 20, 30, 40, 50, 60, 70);
    expect(await cut()).toEqual([
      { from: 10, to: 40, isClosed: true },
      { from: 40, to: 70, isClosed: true },
      { from: 70, to: null, isClosed: false },
    ]);
  });

  it('keep rows of one time together', async () => {
    await addTimes(10, 20, 30, 30, 30, 40);
    expect(await cut()).toEqual([
      { from: 10, to: 40, isClosed: true },
      { from: 40, to: null, isClosed: false },
    ]);
  });

  it('stay where they are when rows come late', async () => {
    await addTimes(10, 20, 30, 40, 50, 60, 70);
    const before = await cut();
    await addTimes(11, 12, 13, 14, 35, 61);
    expect(await cut(before)).toEqual(before);
    await addTimes(80, 90, 100);
    expect(await cut(before)).toEqual([
      ...before.slice(0, 2),
      { from: 70, to: 100, isClosed: true },
      { from: 100, to: null, isClosed: false },
    ]);
  });

  it('begin where the last closed one ends, also when a late row is the first of the open one', async () => {
    await addTimes(10, 20, 30, 40);
    const before = await cut();
    await test.database.execute('DELETE FROM live WHERE at = 40');
    await addTimes(45);
    expect(await cut(before)).toEqual([
      { from: 10, to: 40, isClosed: true },
      { from: 40, to: null, isClosed: false },
    ]);
  });

  it('get older ones before them for rows that are older than all', async () => {
    await addTimes(10, 20, 30, 40);
    const before = await cut();
    await addTimes(1, 2, 3, 4);
    expect(await cut(before)).toEqual([
      { from: 1, to: 4, isClosed: true },
      { from: 4, to: 10, isClosed: true },
      ...before,
    ]);
  });

  it('are not closed by a row dated in the future', async () => {
    await addTimes(10, 20, 30, now + 1);
    const before = await cut();
    expect(before).toEqual([
      { from: 10, to: now + 1, isClosed: false },
      { from: now + 1, to: null, isClosed: false },
    ]);
    await addTimes(40, 50, 60, 70);
    expect((await cut(before)).slice(0, 2)).toEqual([
      { from: 10, to: 40, isClosed: true },
      { from: 40, to: 70, isClosed: true },
    ]);
    expect((await cut([], now + 1))[0]).toEqual({ from: 10, to: 40, isClosed: true });
  });
});

describe('live errors', () => {
  it('cover the rows with a label, by window and together', async () => {
    await test.database.execute(
      'INSERT INTO live VALUES (10, 5, 2), (20, 5, 1), (30, 7, NULL), (40, 1, 1), (50, 9, NULL)',
    );
    const labelled = {
      ...relation,
      sql: `${relation.sql} AND label IS NOT NULL`.replace('label < $1 OR label IS NULL', 'label < $1'),
    };
    const errors = await liveErrors(test.database, labelled, [
      { from: 10, to: 30 },
      { from: 30, to: 40 },
      { from: 40, to: null },
    ]);
    expect(errors).toEqual([
      { labelled: 2, liveRmse: Math.sqrt(12.5) },
      { labelled: 0, liveRmse: null },
      { labelled: 1, liveRmse: 0 },
    ]);
    expect(poolErrors(errors)).toEqual({ labelled: 3, liveRmse: Math.sqrt(25 / 3) });
    expect(poolErrors([])).toEqual({ labelled: 0, liveRmse: null });
    expect(await liveErrors(test.database, labelled, [])).toEqual([]);
  });
});

describe('stored windows', () => {
  const features = batchFromRows([{ x: 1 }], [{ name: 'x', type: 'double' }]);
  const rows = { features, predictions: Float64Array.of(1) };
  const series = { registeredName: 'bike-demand', version: '1', runId: 'r' };
  const baseline = buildBaseline({ model: 'm', runId: 'r', datasetDigest: 'd'.repeat(64), ...rows });
  const state = addRows(baseline, createDriftState(baseline), rows);
  const result = (window: Window, counted: DriftState = state): WindowResult => ({
    ...window,
    state: counted,
    outcome: 'ok',
    psi: 0.1,
    pValue: 0.5,
    labelled: 1,
    liveRmse: 2,
    alert: noAlert,
  });
  const closed = { from: 10, to: 40, isClosed: true };
  const open = { from: 40, to: null, isClosed: false };

  it('are read back as they were', async () => {
    const results = [result(closed), { ...result(open), psi: null, pValue: null, liveRmse: null }];
    await storeWindowResults(test.database, series, results, now);
    expect(await readWindowResults(test.database, series)).toEqual(results);
  });

  it('replace a closed one by its new counts and drop what was open', async () => {
    await storeWindowResults(test.database, series, [result({ ...open, from: 12 })], now);
    await storeWindowResults(test.database, series, [result(closed), result(open)], now);
    const more = addRows(baseline, state, rows);
    await storeWindowResults(test.database, series, [result(closed, more)], now);
    expect(await readWindowResults(test.database, series)).toEqual([result(closed, more)]);
  });

  it('are kept apart by version and by run', async () => {
    await storeWindowResults(test.database, series, [result(closed)], now);
    for (const other of [
      { ...series, version: '2' },
      { ...series, runId: 'other' },
    ]) {
      expect(await readWindowResults(test.database, other)).toEqual([]);
      await storeWindowResults(test.database, other, [result(open)], now);
    }
    expect(await readWindowResults(test.database, series)).toEqual([result(closed)]);
  });

  it('of a later format are refused', async () => {
    await storeWindowResults(test.database, series, [result(closed)], now);
    await test.database.execute(
      `UPDATE monitoring.window_result SET state = state || '{"formatVersion": 2}'`,
    );
    await expect(readWindowResults(test.database, series)).rejects.toThrow(
      expect.objectContaining({ code: 'format_unsupported' }),
    );
  });
});
