import { describe, expect, it } from 'vitest';
import {
  decideAgainstChampion,
  decideFirstDeployment,
  gateSchema,
  pairedBootstrap,
  refuseUnscorable,
  type ChampionComparison,
} from './index.ts';

const gate = gateSchema.parse({ metric: 'rmse', threshold: 60 });

/** Fixture of the reference fits: paired errors of correlation .9 from radical inverses, targets 0. */
function pairedErrors(count: number, gain: number): { candidate: Float64Array; champion: Float64Array } {
  const champion = Float64Array.from({ length: count }, (_, i) => probit(radicalInverse(i + 1, 2)));
  const candidate = champion.map(
    (z1, i) => (1 - gain) * (0.9 * z1 + Math.sqrt(1 - 0.81) * probit(radicalInverse(i + 1, 3))),
  );
  return { candidate, champion };
}

function radicalInverse(index: number, base: number): number {
  let [value, scale] = [0, 1 / base];
  for (let rest = index; rest > 0; rest = Math.floor(rest / base)) {
    value += (rest % base) * scale;
    scale /= base;
  }
  return value;
}

/** Quantile of the normal distribution, by bisection of an integral that is exact to 1e-12 here. */
function probit(p: number): number {
  let [low, high] = [-8, 8];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Distribution function of the normal distribution: the series of Marsaglia (2004). */
function normalShare(x: number): number {
  let [sum, term] = [x, x];
  for (let n = 3; Math.abs(term) > 1e-17 && n < 400; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.918938533204672742);
}

function compare(
  change: Partial<ChampionComparison>,
  count = 500,
  gain = 0.02,
): ReturnType<typeof decideAgainstChampion> {
  return decideAgainstChampion({
    gate,
    observed: new Float64Array(count),
    ...pairedErrors(count, gain),
    championVersion: '3',
    championStored: 1,
    position: 'inside',
    ...change,
  });
}

describe('the gate of a first deployment', () => {
  it.each([
    [60, 'passed'],
    [60.0001, 'rejected'],
    [59.9999, 'passed'],
    [NaN, 'rejected'],
  ])('rmse %d against a threshold of 60: %s', (value, outcome) => {
    expect(decideFirstDeployment({ gate, value, rowCount: 100 }).outcome).toBe(outcome);
  });

  it('reads a threshold of r2 the other way round', () => {
    const higher = gateSchema.parse({ metric: 'r2', threshold: 0.8 });
    expect(decideFirstDeployment({ gate: higher, value: 0.8, rowCount: 100 }).outcome).toBe('passed');
    expect(decideFirstDeployment({ gate: higher, value: 0.79, rowCount: 100 }).outcome).toBe('rejected');
  });

  it('is insufficient with one row too few', () => {
    expect(decideFirstDeployment({ gate, value: 1, rowCount: 29 }).outcome).toBe('insufficient');
    expect(decideFirstDeployment({ gate, value: 1, rowCount: 30 }).outcome).toBe('passed');
  });

  it('refuses to decide without a threshold', () => {
    const open = gateSchema.parse({ metric: 'rmse' });
    expect(() => decideFirstDeployment({ gate: open, value: 1, rowCount: 100 })).toThrow(
      expect.objectContaining({ code: 'not_deployable' }),
    );
  });
});

describe('the gate against the champion', () => {
  it.each([
    [500, 0.02, 0.985529, 0.961284, 0.907],
    [1000, 0, 0.99259, 0.990048, 0.58],
    [1000, -0.05, 0.99259, 1.03955, 0],
  ])('agrees with the reference fixture n=%d gain=%d', (count, gain, champion, candidate, confidence) => {
    const verdict = compare({}, count, gain);
    expect(verdict.champion).toBeCloseTo(champion, 5);
    expect(verdict.candidate).toBeCloseTo(candidate, 5);
    expect(Math.abs(verdict.confidence! - confidence)).toBeLessThan(0.02);
    expect(verdict.outcome).toBe(candidate < champion ? 'passed' : 'rejected');
  });

  it('keeps production when both are equal or the candidate predicts no number', () => {
    const { champion } = pairedErrors(100, 0);
    const equal = compare({ candidate: champion }, 100);
    expect(equal).toMatchObject({ outcome: 'rejected', gain: 0, reason: 'the candidate is not better' });
    const broken = compare({ candidate: champion.map((value, row) => (row === 7 ? NaN : value)) }, 100);
    expect(broken).toMatchObject({ outcome: 'rejected', candidate: null });
    expect(JSON.stringify(broken)).not.toContain('NaN');
  });

  it('asks superior for confidence and minimumGain for size, on both sides of each', () => {
    const rule = (change: object): string =>
      compare({ gate: gateSchema.parse({ metric: 'rmse', ...change }) }).outcome;
    expect(rule({ rule: 'superior', confidence: 0.95 })).toBe('rejected');
    expect(rule({ rule: 'superior', confidence: 0.85 })).toBe('passed');
    expect(rule({ minimumGain: 0.024 })).toBe('passed');
    expect(rule({ minimumGain: 0.025 })).toBe('rejected');
    expect(rule({ rule: 'nonInferior', margin: 0.05 })).toBe('passed');
    expect(rule({ rule: 'nonInferior', margin: 0 })).toBe('rejected');
  });

  it('is less sure when rows that resemble each other are drawn together', () => {
    const { candidate, champion } = pairedErrors(480, 0.02);
    const repeat = (errors: Float64Array): Float64Array =>
      Float64Array.from(errors, (_, row) => errors[row >> 3]!);
    const [ours, theirs] = [repeat(candidate), repeat(champion)];
    const blocks = Int32Array.from(ours, (_, row) => row >> 3);
    const options = {
      candidate: ours.map((e) => e * e),
      champion: theirs.map((e) => e * e),
      resamples: 4000,
      seed: 5,
    };
    const spread = (p: number): number => Math.abs(p - 0.5);
    expect(spread(pairedBootstrap({ ...options, blocks }))).toBeLessThan(spread(pairedBootstrap(options)));
  });

  it('says how many rows and blocks were scored, and where they lie', () => {
    const blocks = Int32Array.from({ length: 500 }, (_, row) => Math.floor(row / 20));
    const verdict = compare({ blocks, blockNoun: 'date', position: 'after' });
    expect(verdict).toMatchObject({
      rowsScored: 500,
      blocksScored: 25,
      position: 'after',
      championStored: 1,
    });
    expect(verdict.sentence).toMatch(/500 fresh rows of 25 dates, after the candidate's training window/);
  });

  it('is insufficient with one block too few, where a confidence would be a coin with one side', () => {
    const rule = gateSchema.parse({ metric: 'rmse', rule: 'superior', minimumBlocks: 5 });
    const blocked = (count: number): ReturnType<typeof compare> =>
      compare({
        gate: rule,
        blocks: Int32Array.from({ length: 500 }, (_, row) => row % count),
        blockNoun: 'date',
      });
    expect(blocked(4)).toMatchObject({
      outcome: 'insufficient',
      reason: '4 dates are fewer than the 5 a confidence needs',
    });
    expect(blocked(5).outcome).not.toBe('insufficient');
  });

  it('keeps production when the champion predicts no number', () => {
    const { champion } = pairedErrors(100, 0);
    const broken = compare({ champion: champion.map((value, row) => (row === 7 ? Infinity : value)) }, 100);
    expect(broken).toMatchObject({
      outcome: 'rejected',
      reason: 'a prediction of the champion is not a number',
    });
  });

  it('is insufficient with one fresh row too few, and refuses a champion that cannot be scored', () => {
    expect(compare({}, 29).outcome).toBe('insufficient');
    expect(compare({}, 30).outcome).not.toBe('insufficient');
    const verdict = refuseUnscorable({
      gate,
      championVersion: '3',
      championStored: 1,
      reason: 'its tables are gone',
    });
    expect(verdict).toMatchObject({ outcome: 'rejected', champion: null, reason: 'its tables are gone' });
  });
});
