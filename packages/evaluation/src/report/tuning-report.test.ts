import { describe, expect, it } from 'vitest';
import {
  describeOverrides,
  describeTuning,
  renderTuningReport,
  type ReportedTrial,
  type TuningReport,
} from '../index.ts';

const trial = (
  number: number,
  scores: readonly number[],
  change: Partial<ReportedTrial> = {},
): ReportedTrial => {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const overrides =
    number === 0 ? {} : { 'estimator.params.maxDepth': number, 'estimator.params.maxFeatures': null };
  return {
    number,
    overrides,
    share: 1,
    keepsSplit: true,
    result: { scores, mean, deviation: 1.5 },
    ...change,
  };
};
const start = trial(0, [50, 52, 54]);
const failed = trial(3, [], { result: null, failure: { message: 'it needs <2> columns' } });

function reportOf(trials: readonly ReportedTrial[], best = start): TuningReport {
  const improved = best !== start;
  return { model: 'bikes', runId: 'a1', metric: 'rmse', folds: 3, trials, start, best, improved };
}

describe('what a search found', () => {
  it('is how much better the best is, and in how many folds', () => {
    const best = trial(2, [40, 53, 45]);
    expect(describeTuning(reportOf([start, trial(1, [60, 60, 60]), best], best))).toBe(
      'trial 2 improves rmse from 52 to 46, in 2 of 3 folds',
    );
  });

  it('says by how little, where both scores are written alike', () => {
    const [before, best] = [trial(0, [40.6731, 40.6731]), trial(1, [40.6701, 40.6701])];
    expect(describeTuning({ ...reportOf([before, best], best), start: before })).toBe(
      'trial 1 improves rmse from 40.67 by 0.003 only, in 2 of 2 folds',
    );
  });

  it('counts folds by the direction of the metric', () => {
    const [before, best] = [trial(0, [0.5, 0.6, 0.7]), trial(1, [0.9, 0.8, 0.6])];
    const found = { ...reportOf([before, best]), metric: 'r2', start: before, best, improved: true } as const;
    expect(describeTuning(found)).toContain('in 2 of 3 folds');
  });

  it('is that nothing is better, when others failed too', () => {
    expect(describeTuning(reportOf([start, trial(1, [60, 60, 60]), failed]))).toMatch(
      /^no trial is better .* 52$/,
    );
  });

  it('is no comparison at all when no trial could be fitted', () => {
    expect(describeTuning(reportOf([start, failed]))).toMatch(/^no trial could be fitted; .* rmse 52$/);
    const other = trial(1, [], { keepsSplit: false, result: null });
    expect(describeTuning(reportOf([start, other]))).toMatch(/^no trial could be fitted/);
  });

  it('is no comparison of models when only the split was changed', () => {
    const other = trial(1, [10, 10, 10], { keepsSplit: false });
    expect(describeTuning(reportOf([start, other]))).toMatch(/^rmse is 52 with the split as it is/);
  });
});

describe('the report of a search', () => {
  const best = trial(2, [40, 53, 45]);
  const page = renderTuningReport(
    reportOf([start, trial(1, [60, 60, 60], { share: 1 / 3 }), best, failed], best),
  );

  it('is one page without script, with the verdict, every trial and what each changed', () => {
    expect(page).not.toMatch(/<script|https?:\/\//);
    expect(page.length).toBeLessThan(200_000);
    expect(page).toContain('trial 2 improves rmse from 52 to 46, in 2 of 3 folds');
    expect(page).toContain('maxDepth 2, no maxFeatures');
    expect(page).toContain('trial 1, 33 % of the rows');
    expect(page).toContain('maxDepth 3, no maxFeatures: it needs &lt;2&gt; columns');
  });

  it('has bars in proportion, and none for a trial that failed', () => {
    const widths = [...page.matchAll(/style="width:([\d.]+)%"/g)].map(([, width]) => Number(width));
    expect(widths).toEqual([86.7, 100, 76.7, 0]);
  });

  it('is the same bytes for the same search', () => {
    const report = reportOf([start, best], best);
    expect(renderTuningReport(report)).toBe(renderTuningReport(report));
  });
});

describe('what a trial changes', () => {
  it.each([
    [{ 'estimator.params.maxDepth': 4, 'estimator.params.maxFeatures': null }, 'maxDepth 4, no maxFeatures'],
    [{ 'preprocessing.0.with': 'mean', 'preprocessing.1.with': 'median' }, '0.with "mean", 1.with "median"'],
    [{ features: ['a', 'b'] }, 'features ["a","b"]'],
    [{ 'a.b': 1, b: 2 }, 'a.b 1, b 2'],
  ])('%j', (overrides, text) => expect(describeOverrides(overrides)).toBe(text));
});
