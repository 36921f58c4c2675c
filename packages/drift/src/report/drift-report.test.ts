import { batchFromRows, type DriftBaseline } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import {
  addRows,
  buildBaseline,
  createDriftState,
  decideDrift,
  monitoringSchema,
  noAlert,
  reduceAlert,
  renderDriftReport,
  type DriftReport,
} from '../index.ts';

const policy = monitoringSchema.parse({});
const rowsOf = (count: number, shift: number) => ({
  predictions: Float64Array.from({ length: count }, (_, row) => ((row * 37) % 100) + shift),
  features: batchFromRows(
    Array.from({ length: count }, (_, row) => ({
      weekday: row % 7,
      cut: ['Ideal', 'Fair', '<b>&'][row % 3]!,
      wind: ((row * 13) % 50) / 3 + shift,
    })),
    [
      { name: 'weekday', type: 'long' },
      { name: 'cut', type: 'string' },
      { name: 'wind', type: 'double' },
    ],
  ),
});

const reference = rowsOf(1000, 0);
const baseline: DriftBaseline = buildBaseline({
  model: 'bike-demand',
  runId: 'run-1',
  datasetDigest: 'd'.repeat(64),
  ...reference,
  observed: reference.predictions.map((value) => value + 2),
  eventTimes: Float64Array.from({ length: 1000 }, (_, row) => Date.UTC(2011, 0, 5 + row / 10) * 1000),
  blocks: { column: 'date', of: Int32Array.from(reference.predictions, (value) => Math.floor(value / 5)) },
});

function reportOf(counts: readonly number[], change: Partial<DriftReport> = {}): DriftReport {
  const states = counts.map((count) => addRows(baseline, createDriftState(baseline), rowsOf(count, 40)));
  let alert = noAlert;
  const windows = states.map((state, index) => {
    const from = Date.UTC(2011, 6, 1 + 7 * index) * 1000;
    const verdict = decideDrift({ baseline, state, policy });
    alert = reduceAlert(alert, { outcome: verdict.outcome, from }, policy.alert);
    return { from, to: null, rows: state.rowCount, verdict, labelled: 0, liveRmse: null, alert };
  });
  const total = counts.reduce((sum, count) => sum + count, 0);
  const state = addRows(baseline, createDriftState(baseline), rowsOf(total, 40));
  return {
    registeredName: 'm<script>',
    version: '1',
    runId: 'run-1',
    target: 'rentals',
    outcome: alert.firing ? 'alert' : alert.recent.length === 0 ? 'insufficient' : 'ok',
    windows,
    overall: decideDrift({ baseline, state, policy }),
    baseline,
    state,
    policy,
    testRmse: 2,
    liveRmse: null,
    labelled: 0,
    columns: { rentals: { unit: 'bikes' }, wind: { unit: 'km/h' }, cut: { enum: ['Fair', 'Ideal'] } },
    createdAt: Date.UTC(2026, 10, 24, 9, 5) * 1000,
    ...change,
  };
}

describe('the drift report', () => {
  it('is one small page without script or network, the same bytes each time', () => {
    const html = renderDriftReport(reportOf([168, 168, 20]));
    expect(html).toBe(renderDriftReport(reportOf([168, 168, 20])));
    expect(html).not.toMatch(/<script|https?:|NaN|undefined|Infinity/);
    expect(html).toContain('m&lt;script&gt;');
    expect(html).toContain('&lt;b&gt;&amp;');
    expect(html.length).toBeLessThan(200_000);
  });

  it('stays under 200 KB with 50 features and 60 windows', () => {
    const many = reportOf(new Array<number>(60).fill(100));
    const { features } = many.overall;
    const wide: DriftReport = {
      ...many,
      overall: { ...many.overall, features: Array.from({ length: 50 }, (_, index) => features[index % 3]!) },
      baseline: { ...baseline, columns: [baseline.columns[0]!, ...repeat(baseline.columns.slice(1))] },
      state: { ...many.state, columns: [many.state.columns[0]!, ...repeat(many.state.columns.slice(1))] },
    };
    expect(renderDriftReport(wide).length).toBeLessThan(200_000);
  });

  it('leads with the reason, its date and the test period', () => {
    const html = renderDriftReport(reportOf([168, 168]));
    expect(html).toContain('24 November 2026, 09:05 UTC');
    expect(html).toContain(
      '<span class="pill bad">alert</span><p class="sentence">The newest 2 full windows drift',
    );
    expect(html).toContain('&quot;unlike the test period&quot; (5 January 2011 to 14 April 2011)');
    expect(html).toContain('alert since 8 July 2011');
  });

  it('tells labels that match no prediction from labels that have not arrived', () => {
    expect(renderDriftReport(reportOf([168]))).toContain('no labels have arrived');
    const html = renderDriftReport(reportOf([168], { unmatchedLabels: 400 }));
    expect(html.match(/400 labels have arrived, none matches a prediction/g)).toHaveLength(3);
    expect(html).not.toContain('no labels have arrived');
  });

  it('says that rows resemble each other, and how many they weigh', () => {
    const effect = baseline.blocks!.designEffect!;
    const html = renderDriftReport(reportOf([168, 168]));
    expect(html).toContain('Rows of one date resemble each other: over the 20 blocks of the test');
    expect(html).toContain(`a window of 168 rows tells about as much as ${Math.round(168 / effect)}`);
    const alone = { ...baseline, blocks: null };
    expect(renderDriftReport(reportOf([168, 168], { baseline: alone }))).not.toContain('resemble');
  });

  it('names units, whole numbers and categories as the feature table does', () => {
    const html = renderDriftReport(reportOf([168, 168]));
    expect(html).toContain('predicted rentals, bikes');
    expect(html).toContain('<h3>wind, km/h</h3>');
    expect(html).toMatch(/<dt>0<\/dt>.*<dt>6<\/dt>/s);
    expect(html.indexOf('<dt>Fair</dt>')).toBeLessThan(html.indexOf('<dt>Ideal</dt>'));
    expect(html.indexOf('<dt>Ideal</dt>')).toBeLessThan(html.indexOf('<dt>&lt;b&gt;&amp;</dt>'));
  });

  it('without predictions is a verdict and no plots', () => {
    const html = renderDriftReport(reportOf([]));
    expect(html).toContain('No predictions have arrived yet');
    expect(html).not.toMatch(/<svg|PSI -|p -|steady/);
  });
});

function repeat<T>(values: readonly T[]): T[] {
  return Array.from({ length: 50 }, (_, index) => values[index % values.length]!);
}
