import { batchFromRows } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import {
  addRows,
  buildBaseline,
  createDriftState,
  decideDrift,
  describeMissingLabels,
  describeMonitoring,
  monitoringSchema,
  type DriftVerdict,
} from './index.ts';

const policy = monitoringSchema.parse({});
const spread = (count: number, from: number): Float64Array =>
  Float64Array.from({ length: count }, (_, row) => from + ((row * 37) % 1000) / 10);
const rowsOf = (values: Float64Array) => ({
  predictions: values,
  features: batchFromRows(
    Array.from(values, (x) => ({ x })),
    [{ name: 'x', type: 'double' }],
  ),
});
const baseline = buildBaseline({
  model: 'm',
  runId: 'r',
  datasetDigest: 'd'.repeat(64),
  ...rowsOf(spread(1000, 0)),
});
const verdictOf = (count: number, shift: number): DriftVerdict =>
  decideDrift({
    baseline,
    policy,
    state: addRows(baseline, createDriftState(baseline), rowsOf(spread(count, shift))),
  });
const [steady, moved, few] = [verdictOf(1000, 0), verdictOf(1000, 40), verdictOf(20, 40)];
const say = (
  outcome: 'ok' | 'alert' | 'insufficient',
  verdicts: readonly DriftVerdict[],
  liveRmse: number | null = null,
): string =>
  describeMonitoring({
    outcome,
    windows: verdicts.map((verdict) => ({ verdict })),
    policy,
    testRmse: 10,
    liveRmse,
  });

describe('the reason for an outcome', () => {
  it('of an alert names the windows, the error and what moved', () => {
    const psi = moved.prediction.psi!.toFixed(2);
    expect(say('alert', [steady, moved, moved, few], 40)).toBe(
      `the newest 2 full windows drift (PSI ${psi}), live RMSE 4.0 times test; moved most: x`,
    );
    expect(say('alert', [moved, steady, moved])).toBe(
      `2 of the newest 3 full windows drift (PSI ${psi}), the newest among them, live error unknown, no labels have arrived; moved most: x`,
    );
  });

  it('says of labels that match nothing that they have arrived', () => {
    const findings = { outcome: 'ok', windows: [{ verdict: steady }], policy, testRmse: 10 } as const;
    const sentence = describeMonitoring({ ...findings, liveRmse: null, unmatchedLabels: 400 });
    expect(sentence).toMatch(/live error unknown, 400 labels have arrived, none matches a prediction$/);
    expect(describeMissingLabels(1)).toBe('1 label has arrived, none matches a prediction');
  });

  it('of no alert says how near one is', () => {
    expect(say('ok', [moved, moved, moved, steady, steady, steady], 11)).toBe(
      'the newest full window looks like the test period (PSI 0.00), live RMSE 1.1 times test',
    );
    expect(say('ok', [steady, steady, moved], 11)).toMatch(
      /^1 of the newest 3 full windows drifts .*, an alert needs 2 with the newest among them, live RMSE 1.1 times test$/,
    );
  });

  it('of no verdict says what is missing', () => {
    expect(say('insufficient', [])).toBe('no predictions have arrived yet');
    expect(say('insufficient', [few])).toBe('no window has the 100 predictions a verdict needs');
  });
});
