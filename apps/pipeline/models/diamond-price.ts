import { defineModel } from '@slipway/deployment';

export default defineModel({
  name: 'diamond-price',
  owner: 'pricing',
  description: 'Price of a cut diamond in USD, from weight and grades',
  featureTable: 'diamonds',
  target: 'price',
  features: ['carat', 'cut', 'color', 'clarity'],
  split: { kind: 'random', testShare: 0.2, seed: 7 },
  preprocessing: [
    { step: 'log', columns: ['carat'] },
    { step: 'oneHot', columns: ['cut', 'color', 'clarity'], dropFirst: true },
  ],
  estimator: { family: 'linear' },
  targetTransform: 'log',
  gate: { metric: 'rmse', threshold: 1000, rule: 'better' },
  monitoring: { window: { rows: 1000 }, policy: 'alert' },
});
