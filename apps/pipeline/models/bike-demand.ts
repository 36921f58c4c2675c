import { defineModel } from '@slipway/deployment';

export default defineModel({
  name: 'bike-demand',
  owner: 'demand',
  description: 'Bikes rented in an hour, from calendar and weather',
  featureTable: 'bike_hours',
  target: 'rentals',
  features: [
    'hour',
    'weekday',
    'workingday',
    'holiday',
    'month',
    'weather',
    'temperature',
    'feels_like',
    'humidity',
    'wind',
  ],
  split: { kind: 'group', by: 'date', testShare: 0.3, seed: 2 },
  // The table holds no gaps; a request may: a sensor fails, or the weather is of a kind that was never seen.
  preprocessing: [
    { step: 'impute', columns: ['temperature', 'feels_like', 'humidity', 'wind'], with: 'median' },
    {
      step: 'ordinal',
      columns: ['weather'],
      order: ['clear', 'cloudy', 'light rain', 'heavy rain'],
      unseen: 'after',
    },
  ],
  estimator: { family: 'random-forest', seed: 42, params: { nEstimators: 100 } },
  gate: { metric: 'rmse', threshold: 60, rule: 'better', blocks: 'date' },
  monitoring: { window: { rows: 168 }, policy: 'alert' },
});
