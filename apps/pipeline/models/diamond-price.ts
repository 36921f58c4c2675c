import { defineModel } from '@slipway/deployment';

export default defineModel({
  name: 'diamond-price',
  owner: 'pricing',
  description: 'Price of a cut diamond in USD, from weight and grades',
  featureTable: 'diamonds',
  target: 'price',
  features: ['carat', 'cut', 'color', 'clarity'],
  split: { kind: 'random', testShare: 0.2, seed: 7 },
  // A request may lack a grade, which then counts as an ordinary one. A grade that was never seen gives zeros in all columns
  // of its kind: with "dropFirst" that is the first grade by name, here cut Fair, color D or clarity I1.
  preprocessing: [
    { step: 'log', columns: ['carat'] },
    { step: 'impute', columns: ['cut'], with: { constant: 'Good' } },
    { step: 'impute', columns: ['color'], with: { constant: 'G' } },
    { step: 'impute', columns: ['clarity'], with: { constant: 'SI1' } },
    { step: 'oneHot', columns: ['cut', 'color', 'clarity'], dropFirst: true, unseen: 'ignore' },
  ],
  estimator: { family: 'linear' },
  targetTransform: 'log',
  gate: { metric: 'rmse', threshold: 1000, rule: 'better' },
  monitoring: { window: { rows: 1000 }, policy: 'alert' },
});
