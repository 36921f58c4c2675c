import { describe, expect, it } from 'vitest';
import { parseOverrides } from './parse-overrides.ts';

describe('--set', () => {
  it.each([
    ['estimator.params.maxDepth=12', { 'estimator.params.maxDepth': 12 }],
    ['estimator.params.maxDepth=null', { 'estimator.params.maxDepth': null }],
    ['targetTransform=log', { targetTransform: 'log' }],
    ['features=["hour","wind"]', { features: ['hour', 'wind'] }],
    ['preprocessing.0.with={"constant":1}', { 'preprocessing.0.with': { constant: 1 } }],
    ['{"a.b":1,"c":"d"}', { 'a.b': 1, c: 'd' }],
    ['x=a=b', { x: 'a=b' }],
  ])('%s', (text, overrides) => expect(parseOverrides(text)).toEqual(overrides));

  it.each([undefined, '', 'x', '=1', 'x=', '{}', '{"a":', 'a b=1', '{"a"=1'])('%s is refused', (text) => {
    expect(() => parseOverrides(text)).toThrow(/--set <path>=<value>, such as estimator.params.maxDepth=12/);
  });
});
