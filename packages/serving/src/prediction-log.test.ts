import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchFromRows, type ModelSignature, type PredictionRecord } from '@slipway/contracts';
import { migrate, readBatch } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  countLabels,
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
  clientRequestId: null,
  row: 0,
  model: 'shop',
  role: 'production',
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
    await writeFile(join(directory, 'again.1.jsonl'), `${JSON.stringify(record('once'))}\n`);
    await log.close();
    const second = await open();
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
    await writeFile(join(directory, 'dead.1.jsonl'), whole + whole.slice(0, 40));
    const log = await open();
    await log.flush();
    expect(await countRows("request_id = 'left-behind'")).toBe(1);
    await log.close();
  });

  it('drops and counts records beyond its limit instead of filling the disk', async () => {
    const log = await open({ maxBytes: 100, openDatabase: () => Promise.reject(new Error('away')) });
    await log.append([record('a')]);
    await log.append([record('b')]);
    expect(log.dropped).toBe(1);
    await log.close();
  });
});

describe('what Postgres would never take', () => {
  const rejected = (): Promise<string> => readFile(join(directory, 'rejected.ndjson'), 'utf8');

  it('does not hold up the log: such lines go to a file of their own and are counted', async () => {
    const bad = [
      JSON.stringify(record('nul', { entityKey: { id: 'a\0b' } })),
      JSON.stringify(record('surrogate', { texts: ['\ud800'] })),
      JSON.stringify(record('bc', { eventTime: -3_217_862_419_200_000_000 })),
      JSON.stringify({ ...record('newer'), formatVersion: 2 }),
      '{"formatVersion":1,"requestId":"tor{"formatVersion":1}',
      'null',
    ];
    const lines = bad.flatMap((line, place) => [JSON.stringify(record(`sound-${place}`)), line]);
    await writeFile(join(directory, 'dead.1.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const log = await open();
    await log.append([record('sound-after')]);
    await log.flush();
    expect(await countRows("request_id LIKE 'sound-%'")).toBe(bad.length + 1);
    expect(log.rejected).toBe(bad.length);
    expect(log.pendingBytes).toBe(0);
    expect(await rejected()).toBe(bad.map((line) => `${line}\n`).join(''));
    await log.close();
  });

  it('is found by halves when only Postgres knows it', async () => {
    await test.database.execute(
      "ALTER TABLE serving.prediction ADD CONSTRAINT refused CHECK (request_id NOT LIKE '%-refused')",
    );
    const log = await open();
    const names = Array.from(
      { length: 40 },
      (_, place) => `half-${place}${place % 13 === 5 ? '-refused' : ''}`,
    );
    await log.append(names.map((name) => record(name)));
    await log.flush();
    expect(await countRows("request_id LIKE 'half-%'")).toBe(37);
    expect((await rejected()).match(/half-\d+-refused/g)).toEqual(
      names.filter((name) => name.endsWith('-refused')),
    );
    expect(log).toMatchObject({ rejected: 3, pendingBytes: 0 });
    await log.close();
    await test.database.execute('ALTER TABLE serving.prediction DROP CONSTRAINT refused');
  });

  it('is not what a database that fails otherwise refuses', async () => {
    await test.database.execute('ALTER TABLE serving.prediction RENAME TO away');
    const errors: unknown[] = [];
    const log = await open({ onError: (error) => errors.push(error) });
    await log.append([record('renamed')]);
    await log.flush();
    expect(errors).toEqual([expect.objectContaining({ code: 'database_query_failed' })]);
    expect(log.rejected).toBe(0);
    await test.database.execute('ALTER TABLE serving.away RENAME TO prediction');
    await log.close();
    expect(await countRows("request_id = 'renamed'")).toBe(1);
  });
});

describe('shipping', () => {
  it('lets one shipment wait for the one under way, however often it is asked', async () => {
    let opened = 0;
    let answer = (): void => undefined;
    const log = await open({
      openDatabase: async () => {
        opened += 1;
        if (opened === 1) await new Promise<void>((resolve) => (answer = resolve));
        return test.database;
      },
    });
    await log.append([record('waits-1')]);
    const flushes = [log.flush()];
    await expect.poll(() => opened).toBe(1);
    await log.append([record('waits-2')]);
    flushes.push(...Array.from({ length: 20 }, () => log.flush()));
    answer();
    await Promise.all(flushes);
    expect(opened).toBe(2);
    expect(await countRows("request_id LIKE 'waits-%'")).toBe(2);
    await log.close();
  });

  it('does not hold up the end of the process; what is left is shipped by the next', async () => {
    const log = await open({ openDatabase: () => new Promise(() => undefined), closeMs: 1 });
    await log.append([record('left')]);
    void log.flush();
    await log.close();
    const next = await open();
    await next.close();
    expect(await countRows("request_id = 'left'")).toBe(1);
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

  it('tell a feature from the prediction or the event time that has its name, by place', async () => {
    const inputs = ['prediction', 'event_time', 'model'].map((name): ModelSignature['inputs'][number] => ({
      name,
      type: 'double',
      nullable: false,
    }));
    const log = await open();
    await log.append([record('named', { model: 'named', numbers: [7, 8, 9], texts: [] })]);
    await log.close();
    const relation = predictionRelation({
      model: 'named',
      version: '1',
      signature: { ...signature, inputs },
    });
    expect(relation.columns.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'event_time eventTime',
      'prediction attribute',
      'prediction feature',
      'event_time feature',
      'model feature',
    ]);
    const sql = `SELECT c1, c2, c3, c4 FROM (${relation.sql}) AS live(c0, c1, c2, c3, c4) WHERE c0 < now()`;
    expect(await test.database.query(sql, relation.parameters)).toEqual([{ c1: 1.5, c2: 7, c3: 8, c4: 9 }]);
  });

  it('are those of one role; a candidate without a version is read by its run', async () => {
    const log = await open();
    const of = (name: string, change: Partial<PredictionRecord>): PredictionRecord =>
      record(name, { model: 'roles', ...change });
    await log.append([
      of('p', { prediction: 1 }),
      of('s', { prediction: 2, role: 'shadow' }),
      of('c', { prediction: 3, role: 'candidate', version: null, runId: 'run-9' }),
      of('d', { prediction: 4, role: 'candidate', version: null, runId: 'run-8' }),
      of('e', { prediction: 5, runId: 'run-9' }),
    ]);
    await log.close();
    const read = async (which: Parameters<typeof predictionRelation>[0]): Promise<number[]> => {
      const { sql, parameters } = predictionRelation(which);
      const rows = await test.database.query<{ prediction: number }>(
        `SELECT prediction FROM (${sql}) AS q ORDER BY 1`,
        parameters,
      );
      return rows.map(({ prediction }) => prediction);
    };
    expect(await read({ model: 'roles', version: '1', signature })).toEqual([1, 5]);
    expect(await read({ model: 'roles', version: '1', signature, role: 'shadow' })).toEqual([2]);
    expect(await read({ model: 'roles', runId: 'run-9', signature })).toEqual([3]);
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
    expect([await countLabels(test.database, model), await countLabels(test.database, 'other')]).toEqual([
      3, 0,
    ]);
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
