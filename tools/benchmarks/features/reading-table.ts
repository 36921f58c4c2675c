import { defineFeatureTable, type FeatureTable, type FeatureTableInput } from '@slipway/features';

const numbers = Array.from({ length: 16 }, (_, index) => `value_${index}`);

/** Readings of sensors: 20 columns, and a constraint of every kind. */
export const readingTable: FeatureTable = defineFeatureTable({
  name: 'readings',
  owner: 'benchmarks',
  entityKey: ['sensor'],
  eventTime: 'at',
  columns: {
    sensor: { type: 'long', range: [1, 1_000_000] },
    at: { type: 'datetime' },
    ...Object.fromEntries(
      numbers.map((name): [string, FeatureTableInput['columns'][string]] => [
        name,
        { type: 'double', range: [0, 1000] },
      ]),
    ),
    state: { type: 'string', enum: ['idle', 'running', 'worn'] },
    batch: { type: 'string', pattern: '^[A-Z]{2}-[0-9]{4}$' },
  },
  checks: [{ name: 'first_not_above_sum', sql: 'value_0 <= value_0 + value_1' }],
});
