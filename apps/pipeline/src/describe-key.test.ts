import { defineFeatureTable } from '@slipway/features';
import { expect, it } from 'vitest';
import { describeKey } from './describe-key.ts';
import { parseKey } from './parse-key.ts';

const table = defineFeatureTable({
  name: 'visits',
  owner: 'shops',
  entityKey: ['store', 'region', 'at'],
  columns: { store: { type: 'long' }, region: { type: 'string' }, at: { type: 'datetime' } },
});

it.each([
  ['1969-12-31T23:59:59.999999Z', '1969-12-31T23:59:59.999999Z'],
  ['2026-01-01T01:00:00.000001+01:00', '2026-01-01T00:00:00.000001Z'],
])('shows a key as it was read, with the time %s in UTC', (at, said) => {
  const key = parseKey(table, `store=07,region= north,at=${at}`);
  expect(describeKey(table, key)).toBe(`{"store":7,"region":" north","at":"${said}"}`);
});
