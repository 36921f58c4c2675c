import type { Trial } from '@slipway/training';
import { describe, expect, it } from 'vitest';
import { createOutput } from './output.ts';
import { createTrialLines } from './trial-lines.ts';

const trial = (number: number, change: Partial<Trial> = {}): Trial => ({
  number,
  overrides: number === 0 ? {} : { 'estimator.params.maxDepth': number },
  share: 1,
  keepsSplit: true,
  result: { scores: [1, 2], mean: 41.3456, deviation: 0.5 },
  ...change,
});

describe('the lines of a search', () => {
  it('name what each trial changed and how it did, and on a terminal how long it will take', () => {
    let text = '';
    const stream = { isTTY: true, write: (more: string) => (text += more) };
    const output = createOutput({ stdout: stream, stderr: stream, json: false, color: false });
    let now = 0;
    const show = createTrialLines(output, { metric: 'rmse', now: () => now });
    show(trial(0), 3);
    expect(text.split('\n').at(-1)).toBe('      1/3 made');
    now = 4_000;
    show(trial(1, { share: 1 / 3 }), 3);
    expect(text.split('\x1b[2K').at(-1)).toContain('\n      2/3 made, about 4 s left');
    show(trial(2, { result: null, failure: { code: 'fit_failed', message: 'too few rows' } }), 3);
    const lines = text.split('\n').map((line) => line.split('\x1b[2K').at(-1));
    expect(lines).toEqual([
      '     made  trial          rmse  between folds',
      '      1/3  start         41.35  ± 0.5          the configuration as it is',
      '      2/3  trial 1       41.35  ± 0.5          33 % of the rows, maxDepth 1',
      '      3/3  trial 2      failed                 maxDepth 2: too few rows',
      '',
    ]);
  });
});
