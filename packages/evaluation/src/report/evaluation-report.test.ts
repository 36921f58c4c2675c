import { batchFromRows } from '@slipway/contracts';
import { describe, expect, it } from 'vitest';
import {
  decideAgainstChampion,
  decideFirstDeployment,
  evaluateRegression,
  gateSchema,
  renderEvaluationReport,
  sliceErrors,
  type EvaluationReport,
} from '../index.ts';

const rows = 240;
const observed = Float64Array.from({ length: rows }, (_, row) => (row * 37) % 500);
const predicted = observed.map((value, row) => value + ((row * 13) % 21) - 10);
const features = batchFromRows(
  Array.from({ length: rows }, (_, row) => ({
    cut: ['Ideal', 'Fair', 'Very Good', '<i>'][row % 4]!,
    hour: row % 24,
    wind: ((row * 7) % 60) * 1.1,
    holiday: row % 40 === 0,
    stone: row,
    name: `n${row}`,
    humidity: row % 5 === 0 ? null : row % 3,
  })),
  [
    { name: 'cut', type: 'string' },
    { name: 'hour', type: 'long' },
    { name: 'wind', type: 'double' },
    { name: 'holiday', type: 'boolean' },
    { name: 'stone', type: 'long' },
    { name: 'name', type: 'string' },
    { name: 'humidity', type: 'double' },
  ],
);
const columns = {
  price: { unit: 'USD' },
  cut: { enum: ['Fair', 'Very Good', 'Ideal'] },
  wind: { unit: 'km/h' },
};
const slices = sliceErrors({ observed, predicted, features, columns });
const namesOf = (column: string): string[] =>
  slices.filter((slice) => slice.column === column).map(({ value }) => value);

describe('error by slice', () => {
  it('has categories in the order of the feature table, unknown ones after them', () => {
    expect(namesOf('cut')).toEqual(['Fair', 'Very Good', 'Ideal', '<i>']);
    const plain = sliceErrors({ observed, predicted, features });
    expect(plain.slice(0, 4).map(({ value }) => value)).toEqual(['<i>', 'Fair', 'Ideal', 'Very Good']);
  });

  it('has whole numbers one by one, numbers of many values in eight ranges, NULL last', () => {
    expect(namesOf('hour')).toEqual(Array.from({ length: 24 }, (_, hour) => String(hour)));
    expect(namesOf('wind')).toHaveLength(8);
    expect(namesOf('wind')[0]).toBe('0 – 7.7');
    expect(namesOf('stone')).toHaveLength(8);
    expect(namesOf('stone').slice(0, 2)).toEqual(['0 – 29', '30 – 59']);
    expect(namesOf('humidity')).toEqual(['0', '1', '2', 'NULL']);
    expect(namesOf('holiday')).toEqual(['false', 'true']);
  });

  it('leaves out a text of many values', () => expect(namesOf('name')).toEqual([]));

  it('covers every row once, and adds up to the whole error', () => {
    const whole = evaluateRegression(observed, predicted).mse;
    for (const column of new Set(slices.map((slice) => slice.column))) {
      const own = slices.filter((slice) => slice.column === column);
      expect(own.reduce((sum, slice) => sum + slice.rows, 0)).toBe(rows);
      expect(own.reduce((sum, slice) => sum + slice.rows * slice.rmse ** 2, 0) / rows).toBeCloseTo(whole, 9);
    }
  });
});

describe('the evaluation report', () => {
  const gate = gateSchema.parse({ metric: 'rmse', threshold: 10 });
  const metrics = evaluateRegression(observed, predicted);
  const report: EvaluationReport = {
    model: 'diamond<script>',
    runId: 'run-1',
    subtitle: 'linear, feature table diamonds as known at load 1',
    target: 'price',
    metrics,
    meanMetrics: evaluateRegression(observed, new Float64Array(rows).fill(250)),
    verdict: decideFirstDeployment({ gate, value: metrics.rmse, rowCount: rows }),
    observed,
    predicted,
    slices,
    columns,
    createdAt: Date.UTC(2026, 10, 24, 9, 5) * 1000,
  };
  const champion = observed.map((value) => value + 30);
  const comparison = { observed, candidate: predicted, champion };
  const against = {
    ...report,
    comparison,
    verdict: decideAgainstChampion({
      gate,
      ...comparison,
      championVersion: '1',
      championStored: 7,
      position: 'inside',
    }),
  };

  it('is one small page without script or network, the same bytes each time', () => {
    for (const each of [report, against]) {
      const html = renderEvaluationReport(each);
      expect(html).toBe(renderEvaluationReport(each));
      expect(html).not.toMatch(/<script|https?:|NaN|undefined|Infinity/);
      expect(html).toContain('diamond&lt;script&gt;');
      expect(html).toContain('&lt;i&gt;');
      expect(html.length).toBeLessThan(200_000);
    }
  });

  it('leads with the verdict, its date and the unit of the target', () => {
    const html = renderEvaluationReport(report);
    expect(html).toContain('24 November 2026, 09:05 UTC');
    expect(html).toContain(
      '<span class="pill good">passed</span><p class="sentence">First deployment, test rmse',
    );
    expect(html).toContain('Business threshold');
    expect(html).toContain('<td class="text">USD²</td>');
    expect(html).toContain('observed, USD');
    expect(html).not.toContain('observed, price');
  });

  it('says which axis is which when it compares with the champion', () => {
    const html = renderEvaluationReport(against);
    expect(html).toContain('<figcaption class="axis">absolute error, USD</figcaption>');
    expect(html).toContain('share of fresh rows that err at most so much');
    expect(html).toContain('Better than version 1 by');
    expect(html).toContain('On its own test rows the champion had rmse 7');
  });

  it('stands without a date and without a unit', () => {
    const html = renderEvaluationReport({ ...report, columns: undefined, createdAt: undefined });
    expect(html).toContain('observed, price');
    expect(html).not.toContain('2026');
  });

  it('says who let a rejected candidate serve', () => {
    const override = {
      by: 'ada',
      at: Date.UTC(2026, 10, 24) * 1000,
      reason: 'agreed',
      of: 'rejected' as const,
    };
    const verdict = { ...report.verdict, outcome: 'overridden' as const, override };
    expect(renderEvaluationReport({ ...report, verdict })).toContain(
      'The gate said rejected; ada let it serve on 24 November 2026: agreed',
    );
  });
});
