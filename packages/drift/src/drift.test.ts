import {
  alertStateSchema,
  batchFromRows,
  driftBaselineSchema,
  driftStateSchema,
  type DriftBaseline,
  type DriftState,
  type Relation,
} from '@slipway/contracts';
import { writeBatch } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addRows,
  buildBaseline,
  createDriftState,
  decideDrift,
  mergeStates,
  monitoringSchema,
  reduceAlert,
  noAlert,
  type LiveRows,
} from './index.ts';
import { countWindow } from './postgres/index.ts';

const columns = [
  { name: 'x', type: 'double' },
  { name: 'n', type: 'long' },
  { name: 'b', type: 'boolean' },
  { name: 's', type: 'string' },
  { name: 't', type: 'datetime' },
] as const;
const policy = monitoringSchema.parse({});

const record = fc.record({
  x: fc.option(fc.double({ min: -100, max: 100, noNaN: true })),
  n: fc.option(fc.integer({ min: 0, max: 5 })),
  b: fc.option(fc.boolean()),
  s: fc.option(fc.constantFrom('a', 'b', 'ä', "it's")),
  t: fc.option(fc.integer({ min: 0, max: 4e15 })),
});
const rowsOf = (count: number): fc.Arbitrary<LiveRows> =>
  fc
    .tuple(
      fc.array(record, { minLength: count, maxLength: count }),
      fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: count, maxLength: count }),
    )
    .map(([rows, predictions]) => ({
      features: batchFromRows(rows, columns),
      predictions: Float64Array.from(predictions),
    }));

function baselineOf({ features, predictions }: LiveRows): DriftBaseline {
  const observed = predictions.map((value, row) => value + (row % 3) - 1);
  return buildBaseline({
    model: 'm',
    runId: 'r',
    datasetDigest: 'd'.repeat(64),
    predictions,
    observed,
    features,
  });
}

function count(baseline: DriftBaseline, rows: LiveRows): DriftState {
  return addRows(baseline, createDriftState(baseline), rows);
}

describe('a frozen baseline', () => {
  it('counts its own rows: every value in a cell, counts and state the same', () => {
    fc.assert(
      fc.property(rowsOf(60), (rows) => {
        const baseline = driftBaselineSchema.parse(JSON.parse(JSON.stringify(baselineOf(rows))));
        const state = count(baseline, rows);
        baseline.columns.forEach(({ cells, nullCount }, index) => {
          const own = state.columns[index]!;
          const stored = cells.kind === 'numeric' ? cells.counts : [...cells.counts, cells.otherCount];
          expect(own.counts).toEqual(stored);
          expect(own.nullCount).toBe(nullCount);
          expect(own.belowCount + own.aboveCount).toBe(0);
          expect(stored.reduce((sum, cell) => sum + cell, nullCount)).toBe(60);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('refuses no rows, unequal lengths and predictions that are no numbers', () => {
    const features = batchFromRows([{ x: 1 }], [{ name: 'x', type: 'double' }]);
    const parts = { model: 'm', runId: 'r', datasetDigest: 'd'.repeat(64), features };
    for (const predictions of [Float64Array.of(), Float64Array.of(1, 2), Float64Array.of(NaN)]) {
      expect(() => buildBaseline({ ...parts, predictions })).toThrow(
        expect.objectContaining({ code: 'sample_invalid' }),
      );
    }
  });
});

describe('a state of counts', () => {
  it('of parts adds up to that of the whole, in any order', () => {
    fc.assert(
      fc.property(rowsOf(40), rowsOf(25), rowsOf(30), (reference, first, second) => {
        const baseline = baselineOf(reference);
        const [a, b] = [count(baseline, first), count(baseline, second)];
        expect(mergeStates(a, b)).toEqual(mergeStates(b, a));
        expect(mergeStates(a, b)).toEqual(addRows(baseline, a, second));
        expect(mergeStates(a, createDriftState(baseline))).toEqual(a);
        expect(driftStateSchema.parse(JSON.parse(JSON.stringify(a)))).toEqual(a);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses to merge with one of another baseline', () => {
    const features = batchFromRows([{ x: 1 }], [{ name: 'x', type: 'double' }]);
    const parts = { model: 'm', datasetDigest: 'd'.repeat(64), features, predictions: Float64Array.of(1) };
    const [a, b] = ['one', 'two'].map((runId) => createDriftState(buildBaseline({ ...parts, runId })));
    expect(() => mergeStates(a!, b!)).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
  });
});

describe('counting in Postgres', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
    await test.database.execute(
      'CREATE TABLE live (event_time timestamptz, prediction float8, x float8, n int8, b bool, s text, t timestamptz)',
    );
  });
  afterAll(() => test.drop());

  it('gives the same integers as counting here', async () => {
    const relation: Relation = {
      source: 'live',
      sql: 'SELECT * FROM live WHERE $1',
      parameters: [true],
      columns: [
        { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
        { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
        ...columns.map((column) => ({ ...column, role: 'feature' as const, nullable: true })),
      ],
      watermark: {},
    };
    const property = fc.asyncProperty(rowsOf(40), rowsOf(50), async (reference, live) => {
      const baseline = baselineOf(reference);
      const times = {
        name: 'event_time',
        type: 'datetime' as const,
        values: new Float64Array(50).fill(5e14),
      };
      const prediction = { name: 'prediction', type: 'double' as const, values: live.predictions };
      const batch = { rowCount: 50, columns: [times, prediction, ...live.features.columns] };
      await test.database.execute('TRUNCATE live');
      await writeBatch(test.database, { schema: 'public', table: 'live' }, batch);
      const counted = await countWindow(test.database, relation, baseline, { from: 5e14, to: 5e14 + 1 });
      expect(counted).toEqual(count(baseline, live));
      const open = await countWindow(test.database, relation, baseline, { from: 5e14, to: null });
      expect(open).toEqual(counted);
      const empty = await countWindow(test.database, relation, baseline, { from: 0, to: 5e14 });
      expect(empty).toEqual(createDriftState(baseline));
    });
    await fc.assert(property, { numRuns: 25, seed: 20_261_124 });
  });

  it('takes features that are called like the event time and the prediction', async () => {
    const features = batchFromRows(
      [
        { prediction: 1, event_time: 'a' },
        { prediction: 2, event_time: 'b' },
      ],
      [
        { name: 'prediction', type: 'long' },
        { name: 'event_time', type: 'string' },
      ],
    );
    const rows = { features, predictions: Float64Array.of(10, 20) };
    const relation: Relation = {
      source: 'live',
      sql: `SELECT timestamptz '2011-07-01', p, n, s FROM (VALUES (10.0, 1, 'a'), (20.0, 2, 'b')) AS rows(p, n, s)`,
      parameters: [],
      columns: [
        { name: 'event_time', type: 'datetime', role: 'eventTime', nullable: false },
        { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
        { name: 'prediction', type: 'long', role: 'feature', nullable: true },
        { name: 'event_time', type: 'string', role: 'feature', nullable: true },
      ],
      watermark: {},
    };
    const baseline = baselineOf(rows);
    const counted = await countWindow(test.database, relation, baseline, { from: 0, to: null });
    expect(counted).toEqual(count(baseline, rows));
  });

  it('names the column that the relation lacks', async () => {
    const features = batchFromRows([{ x: 1 }], [{ name: 'x', type: 'double' }]);
    const baseline = baselineOf({ features, predictions: Float64Array.of(1) });
    const columns: Relation['columns'] = [
      { name: 'at', type: 'datetime', role: 'eventTime', nullable: false },
      { name: 'prediction', type: 'double', role: 'attribute', nullable: false },
    ];
    const relation = { source: 'live', sql: 'SELECT now(), 1.0', parameters: [], columns, watermark: {} };
    const act = countWindow(test.database, relation, baseline, { from: 0, to: null });
    await expect(act).rejects.toThrow(/expected a column for x/);
  });
});

describe('the two keys', () => {
  const even = Float64Array.from({ length: 1000 }, (_, row) => (row * 37) % 1000);
  const features = batchFromRows(
    Array.from({ length: 1000 }, () => ({ s: 'a' })),
    [{ name: 's', type: 'string' }],
  );
  const baseline = buildBaseline({
    model: 'm',
    runId: 'r',
    datasetDigest: 'd'.repeat(64),
    predictions: even,
    observed: even.map((value) => value + 2),
    features,
  });
  const decide = (predictions: Float64Array): ReturnType<typeof decideDrift> => {
    const batch = batchFromRows(
      Array.from({ length: predictions.length }, () => ({ s: 'a' })),
      [{ name: 's', type: 'string' }],
    );
    return decideDrift({ baseline, state: count(baseline, { features: batch, predictions }), policy });
  };

  it('need both: a large effect of few rows and a sure but small effect are no drift', () => {
    expect(decide(even.map((value) => value / 2 + 400)).outcome).toBe('drift');
    const slight = Float64Array.from({ length: 50_000 }, (_, row) => ((row * 37) % 1000) * 0.95);
    expect(decide(slight)).toMatchObject({ outcome: 'ok' });
    expect(decide(slight).prediction.pValue).toBeLessThan(0.01);
    expect(decide(even.slice(0, 99).map(() => 5)).outcome).toBe('insufficient');
    expect(decide(even.slice(0, 100).map(() => 5)).outcome).toBe('drift');
  });

  it('expects the test error where predictions fall', () => {
    expect(decide(even).expectedRmse).toBeCloseTo(2, 9);
  });

  it('say in words what they say together', () => {
    expect(decide(even.map((value) => value / 2 + 400)).sentence).toMatch(
      /^1000 predictions are unlike the test period, p .* \(below 0.01\), PSI .* \(at least 0.2\)/,
    );
    const slight = Float64Array.from({ length: 50_000 }, (_, row) => ((row * 37) % 1000) * 0.95);
    expect(decide(slight).sentence).toMatch(
      /^50000 predictions differ from the test period, by little, p .* \(below/,
    );
    expect(decide(even).sentence).toMatch(/^1000 predictions look like the test period, p 1.00 \(not below/);
    expect(decide(even.slice(0, 99)).sentence).toBe('99 predictions are fewer than the 100 a verdict needs');
  });
});

describe('the alert', () => {
  const reduce = (outcomes: readonly ('ok' | 'drift' | 'insufficient')[]) =>
    outcomes.reduce(
      (state, outcome, window) => reduceAlert(state, { outcome, from: window }, { of: 3, violating: 2 }),
      noAlert,
    );

  it.each([
    [['drift'], false, null],
    [['drift', 'drift'], true, 1],
    [['drift', 'ok', 'drift'], true, 2],
    [['drift', 'drift', 'ok'], false, null],
    [['drift', 'ok', 'ok', 'drift'], false, null],
    [['drift', 'drift', 'ok', 'drift'], true, 3],
    [['drift', 'drift', 'drift', 'drift'], true, 1],
    [['drift', 'drift', 'insufficient'], true, 1],
    [['drift', 'insufficient', 'drift'], true, 2],
    [['insufficient'], false, null],
    [[], false, null],
  ] as const)('after %j: firing %s, since window %s', (outcomes, firing, since) => {
    expect(reduce(outcomes)).toMatchObject({ firing, since });
  });

  it('needs no more than its state to judge the next window', () => {
    const outcome = fc.constantFrom('ok' as const, 'drift' as const, 'insufficient' as const);
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 12 }), (outcomes) => {
        const stored = alertStateSchema.parse(JSON.parse(JSON.stringify(reduce(outcomes.slice(0, -1)))));
        const last = outcomes.at(-1);
        if (last === undefined) return;
        const window = { outcome: last, from: outcomes.length - 1 };
        expect(reduceAlert(stored, window, { of: 3, violating: 2 })).toEqual(reduce(outcomes));
        expect(stored.recent.length).toBeLessThanOrEqual(3);
      }),
    );
  });
});
