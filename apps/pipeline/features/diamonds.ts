import { defineFeatureTable } from '@slipway/features';

export default defineFeatureTable({
  name: 'diamonds',
  owner: 'pricing',
  description:
    'Cut diamonds with their grades and price. The source is ordered by price: the stone number is no feature.',
  entityKey: ['stone'],
  columns: {
    stone: { type: 'long', range: [1, 1e9] },
    carat: { type: 'double', range: [0.01, 50] },
    cut: { type: 'string', enum: ['Fair', 'Good', 'Very Good', 'Premium', 'Ideal'] },
    color: { type: 'string', enum: ['D', 'E', 'F', 'G', 'H', 'I', 'J'] },
    clarity: { type: 'string', enum: ['I1', 'SI2', 'SI1', 'VS2', 'VS1', 'VVS2', 'VVS1', 'IF'] },
    depth: { type: 'double', range: [0, 100], unit: '%' },
    table: { type: 'double', range: [0, 100], unit: '%' },
    price: { type: 'double', range: [1, 1e6], unit: 'USD' },
    length: { type: 'double', range: [0, 100], unit: 'mm' },
    width: { type: 'double', range: [0, 100], unit: 'mm' },
    height: { type: 'double', range: [0, 100], unit: 'mm' },
  },
});
