import { defineFeatureTable } from '@slipway/features';
import { describe, expect, it } from 'vitest';
import { parseKey } from './parse-key.ts';

const table = defineFeatureTable({
  name: 'shops',
  owner: 'shops',
  entityKey: ['store', 'region'],
  columns: { store: { type: 'long' }, region: { type: 'string' } },
});

describe('parseKey', () => {
  it.each(['store=7,region=north', 'region=north,store=7', '{"store": 7, "region": "north"}'])(
    'reads %s',
    (text) => {
      expect(parseKey(table, text)).toEqual({ store: 7, region: 'north' });
    },
  );

  it('takes equal signs and, in JSON, commas of a value', () => {
    expect(parseKey(table, 'store=7,region=a=b')).toEqual({ store: 7, region: 'a=b' });
    expect(parseKey(table, '{"store": 7, "region": "a, b"}')).toEqual({ store: 7, region: 'a, b' });
  });

  it('reads a time as microseconds', () => {
    const columns = { at: { type: 'datetime' } } as const;
    const visits = defineFeatureTable({ name: 'visits', owner: 'shops', entityKey: ['at'], columns });
    expect(parseKey(visits, 'at=2026-01-01T01:00:00.000001+01:00')).toEqual({ at: 1_767_225_600_000_001 });
    expect(() => parseKey(visits, 'at=soon')).toThrow(/expected --key at=<datetime>/);
  });

  it('takes doubles in decimal digits, and in JSON truth values for truth values', () => {
    const columns = { x: { type: 'double' }, open: { type: 'boolean' } } as const;
    const key = ['x', 'open'];
    const cells = defineFeatureTable({ name: 'cells', owner: 'shops', entityKey: key, columns });
    expect(parseKey(cells, 'x=-1.5e-3,open=true')).toEqual({ x: -0.0015, open: true });
    expect(parseKey(cells, '{"x": 1e21, "open": false}')).toEqual({ x: 1e21, open: false });
    expect(() => parseKey(cells, '{"x": 1, "open": "true"}')).toThrow(/was not understood/);
  });

  it.each([
    undefined,
    '',
    'store=7',
    'store=seven,region=a',
    'store=,region=a',
    'store=7,region=a,x=1',
    '{',
    'store=1e99,region=a',
    'store= ,region=a',
    'store=7 ,region=a',
    'store=0x10,region=a',
    'store=Infinity,region=a',
    'store=7,store=7',
    '{"store": 7, "region": null}',
    '{"store": 7, "region": {"a": 1}}',
    '{"store": 7, "region": ["a"]}',
    '{"store": 7, "region": 7}',
    '{"store": "7", "region": "a"}',
    '{"store": true, "region": "a"}',
    '{"store": 9007199254740993, "region": "a"}',
  ])('refuses %s', (text) => {
    expect(() => parseKey(table, text)).toThrow(/expected --key store=<long>,region=<string>/);
  });
});
