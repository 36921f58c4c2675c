import { SlipwayError } from '@slipway/contracts';
import { expect, it } from 'vitest';
import { followLine } from './log-line.ts';

const parse = (line: string): unknown => JSON.parse(line);

it('a failure names the version that does not load', () => {
  const error = new SlipwayError('artifact_invalid', { what: 'No model files' });
  expect(parse(followLine({ kind: 'failed', model: 'shop', version: '3', error }))).toEqual({
    event: 'failed',
    model: 'shop',
    version: '3',
    code: 'artifact_invalid',
    message: 'No model files.',
  });
});

it('an alias that is gone is named, with what goes on serving', () => {
  const line = followLine({ kind: 'unset', model: 'shop', alias: 'production', serving: '2' });
  expect(parse(line)).toEqual({ event: 'unset', model: 'shop', alias: 'production', serving: '2' });
});

it('a swap names the run, as a number can come again', () => {
  const line = followLine({ kind: 'swapped', model: 'shop', from: '1', to: '1', runId: 'a1' });
  expect(parse(line)).toEqual({ event: 'swapped', model: 'shop', from: '1', to: '1', run: 'a1' });
});
