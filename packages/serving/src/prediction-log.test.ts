import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchFromRows, type ModelSignature, type PredictionRecord } from '@slipway/contracts';
import { migrate, readBatch } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  labelledPredictionRelation,
  loadLabels,
  openPredictionLog,
  predictionRelation,
  servingMigrations,
  type PredictionLog,
} from './index.ts';

let test: TestDatabase;
let directory: string;
let ids = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  await migrate(test.database, servingMigrations);
});
afterAll(() => test.drop());
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-log-'));
});
afterEach(() => rm(directory, { recursive: true }));

const day = 86_400_000_000;
const record = (requestId: string, change: Partial<PredictionRecord> = {}): PredictionRecord => ({
  formatVersion: 1,
  requestId,
  row: 0,
  model: 'shop',
  version: '1',
  runId: 'r',
  entityKey: { store: 7 },
  eventTime: 5 * day,
  receivedAt: 20_000 * day,
  prediction: 1.5,
  numbers: [0.1, null, 1, 5 * day],
  texts: ["it's", null],
  ...change,
});

function open(change: Partial<Parameters<typeof openPredictionLog>[0]> = {}): Promise<PredictionLog> {
  return openPredictionLog({
    directory,
    openDatabase: () => Promise.resolve(test.database),
    generateId: () => `id${(ids += 1)}`,
    processId: process.pid,
    shipMs: 60_000,
    ...change,
  });
}

async function countRows(where: string): Promise<number> {
  const sql = `SELECT count(*)::int AS count FROM serving.prediction WHERE ${where}`;
  const [row] = await test.database.query<{ count: number }>(sql);
  return row!.count;
}

describe('the prediction log', () => {
  it('ships each record once, also when a file is shipped again, into a partition per day', async () => {
    const log = await open();
    await log.append([
      record('once'),
      record('once', { row: 1 }),
      record('later', { receivedAt: 20_001 * day }),
    ]);
    await log.flush();
    expect(await countRows("request_id IN ('once', 'later')")).toBe(3);
    await writeFile(join(directory, '1-again.jsonl'), `${JSON.stringify(record('once'))}\n`);
    await log.close();
    const second = await open({ processId: 1 });
    await second.flush();
    await second.close();
    expect(await countRows("request_id = 'once'")).toBe(2);
    expect(await readdir(directory)).toEqual([]);
    const partitions = await test.database.query(
      "SELECT relname FROM pg_class WHERE relname LIKE 'prediction\\_2024%' AND relkind = 'r' ORDER BY 1",
    );
    expect(partitions).toEqual([{ relname: 'prediction_20241004' }, { relname: 'prediction_20241005' }]);
  });

  it('keeps records while the database is away and ships them when it is back; appending never fails', async () => {
    let isAway = true;
    const errors: unknown[] = [];
    const log = await open({
      openDatabase: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(test.database)),
      onError: (error) => errors.push(error),
    });
    await log.append([record('away')]);
    await log.flush();
    expect(errors).toHaveLength(1);
    expect(log.pendingBytes).toBeGreaterThan(0);
    isAway = false;
    await log.flush();
    expect(log.pendingBytes).toBe(0);
    expect(await countRows("request_id = 'away'")).toBe(1);
    await log.close();
  });

  it('ships what a killed process left, without the line it could not finish', async () => {
    const whole = `${JSON.stringify(record('left-behind'))}\n`;
    await writeFile(join(directory, '999999999-x.jsonl'), whole + whole.slice(0, 40));
    const log = await open();
    await log.flush();
    expect(await countRows("request_id = 'left-behind'")).toBe(1);
    await log.close();
  });

  it('leaves the file of a process that lives alone', async () => {
    await writeFile(join(directory, `${process.ppid}-x.jsonl`), `${JSON.stringify(record('alive'))}\n`);
    const log = await open();
    await log.flush();
    await log.close();
    expect(await countRows("request_id = 'alive'")).toBe(0);
    expect(await readdir(directory)).toHaveLength(1);
  });

  it('drops and counts records beyond its limit instead of filling the disk', async () => {
    const log = await open({ maxBytes: 100, openDatabase: () => Promise.reject(new Error('away')) });
    await log.append([record('a')]);
    await log.append([record('b')]);
    expect(log.dropped).toBe(1);
    await log.close();
  });
});

describe('logged predictions as relations', () => {
  const signature: ModelSignature = {
    formatVersion: 1,
    inputs: [
      { name: 'd', type: 'double', nullable: false },
      { name: 's', type: 'string', nullable: false },
      { name: 'l', type: 'long', nullable: true },
      { name: 'b', type: 'boolean', nullable: false },
      { name: 'u', type: 'string', nullable: true },
      { name: 't', type: 'datetime', nullable: false },
    ],
    output: { name: 'y', type: 'double' },
  };

  it('give the features back as the signature types them', async () => {
    const log = await open();
    await log.append([
      record('typed', { model: 'typed' }),
      record('untimed', { model: 'typed', eventTime: null }),
    ]);
    await log.close();
    const { sql, parameters, columns } = predictionRelation({ model: 'typed', version: '1', signature });
    const read = await readBatch(test.database, { sql, parameters, columns, orderBy: ['event_time'] });
    const first = read.columns.map(({ values }) => values[0]);
    expect(first).toEqual([5 * day, 1.5, 0.1, "it's", NaN, 1, null, 5 * day]);
    expect(read.columns[0]!.values[1]).toBe(20_000 * day);
  });

  it('join labels by entity key and event time, the latest label counting', async () => {
    const model = 'labelled';
    const log = await open();
    const keys = [1, 2, 3];
    await log.append(
      keys.map((store) => record(`label-${store}`, { model, entityKey: { store }, prediction: store })),
    );
    await log.close();
    const load = (rows: { store: number; y: number | null }[], observedAt: number): Promise<number> =>
      loadLabels(test.database, {
        model,
        entityKey: ['store'],
        eventTime: 'at',
        target: 'y',
        observedAt,
        batch: batchFromRows(
          rows.map((row) => ({ ...row, at: 5 * day })),
          [
            { name: 'store', type: 'long' },
            { name: 'at', type: 'datetime' },
            { name: 'y', type: 'double' },
          ],
        ),
      });
    expect(
      await load(
        [
          { store: 1, y: 10 },
          { store: 2, y: 20 },
          { store: 9, y: 90 },
          { store: 3, y: null },
        ],
        day,
      ),
    ).toBe(3);
    expect(await load([{ store: 1, y: 10 }], 2 * day)).toBe(0);
    expect(await load([{ store: 1, y: 11 }], 3 * day)).toBe(1);
    const { sql, parameters } = labelledPredictionRelation({ model, version: '1', signature });
    const rows = await test.database.query(
      `SELECT prediction, label FROM (${sql}) AS q ORDER BY 1`,
      parameters,
    );
    expect(rows).toEqual([
      { prediction: 1, label: 11 },
      { prediction: 2, label: 20 },
    ]);
  });
});
