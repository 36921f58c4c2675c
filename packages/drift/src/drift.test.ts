import {
  batchFromRows,
  driftBaselineSchema,
  type ColumnBatch,
  type DriftBaseline,
  type Relation,
} from '@slipway/contracts';
import { writeBatch } from '@slipway/database';
import { createTestDatabase, type TestDatabase } from '@slipway/database/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addBatch,
  buildBaseline,
  createDriftState,
  decideDrift,
  mergeStates,
  monitoringSchema,
  reduceAlert,
  renderDriftReport,
  type DriftState,
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
const rowsOf = (count: number): fc.Arbitrary<{ features: ColumnBatch; predictions: Float64Array }> =>
  fc
    .tuple(
      fc.array(record, { minLength: count, maxLength: count }),
      fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: count, maxLength: count }),
    )
    .map(([rows, predictions]) => ({
      features: batchFromRows(rows, columns),
      predictions: Float64Array.from(predictions),
    }));

function baselineOf({
  features,
  predictions,
}: {
  features: ColumnBatch;
  predictions: Float64Array;
}): DriftBaseline {
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

function withPrediction({
  features,
  predictions,
}: {
  features: ColumnBatch;
  predictions: Float64Array;
}): ColumnBatch {
  const prediction = { name: 'prediction', type: 'double' as const, values: predictions };
  return { rowCount: features.rowCount, columns: [prediction, ...features.columns] };
}

function count(
  baseline: DriftBaseline,
  rows: { features: ColumnBatch; predictions: Float64Array },
): DriftState {
  return addBatch(baseline, createDriftState(baseline), withPrediction(rows));
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
        expect(mergeStates(a, b)).toEqual(addBatch(baseline, a, withPrediction(second)));
        expect(mergeStates(a, createDriftState(baseline))).toEqual(a);
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
      sql: 'SELECT * FROM live',
      parameters: [],
      columns: ['event_time', 'prediction', ...columns.map(({ name }) => name)].map((name) => ({
        name,
        type: 'double',
        role: 'feature',
        nullable: true,
      })),
      watermark: {},
    };
    const property = fc.asyncProperty(rowsOf(40), rowsOf(50), async (reference, live) => {
      const baseline = baselineOf(reference);
      const times = {
        name: 'event_time',
        type: 'datetime' as const,
        values: new Float64Array(50).fill(5e14),
      };
      const batch = { rowCount: 50, columns: [times, ...withPrediction(live).columns] };
      await test.database.execute('TRUNCATE live');
      await writeBatch(test.database, { schema: 'public', table: 'live' }, batch);
      const counted = await countWindow(test.database, relation, baseline, { from: 5e14, to: 5e14 + 1 });
      expect(counted).toEqual(count(baseline, live));
      const empty = await countWindow(test.database, relation, baseline, { from: 0, to: 5e14 });
      expect(empty).toEqual(createDriftState(baseline));
    });
    await fc.assert(property, { numRuns: 25, seed: 20_261_124 });
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

  it('writes a report without script or network, the same bytes each time', () => {
    const overall = decide(even.map((value) => value / 2 + 400));
    const state = count(baseline, { features, predictions: even });
    const report = {
      registeredName: 'm<script>',
      version: '1',
      runId: 'r',
      target: 'bikes',
      outcome: 'alert',
      windows: [{ from: 1.3e15, rows: 168, verdict: overall, liveRmse: 2 }],
      overall,
      baseline,
      state,
      policy,
      testRmse: 1,
      liveRmse: 2,
      labelled: 168,
    } as const;
    const html = renderDriftReport(report);
    expect(html).toBe(renderDriftReport(report));
    expect(html).not.toMatch(/<script|https?:|NaN|undefined/);
    expect(html).toContain('m&lt;script&gt;');
  });
});

describe('the alert', () => {
  it.each([
    [[true], false],
    [[true, true], true],
    [[true, false, true], true],
    [[true, true, false], false],
    [[true, false, false, true], false],
    [[], false],
  ])('%j: %s', (windows, firing) => {
    expect(reduceAlert(windows, { of: 3, violating: 2 }).firing).toBe(firing);
  });
});
