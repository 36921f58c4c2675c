import { takeRows } from '@slipway/contracts';
import { evaluateRegression, type RegressionMetric } from '@slipway/evaluation';
import { predictModel } from '@slipway/models';
import { trainModel, type TrainOptions } from '../train-model.ts';
import type { Fold } from './folds.ts';

export interface CrossValidation {
  /** One per fold, of its validation rows, in the unit of the metric. */
  readonly scores: readonly number[];
  readonly mean: number;
  /** Standard deviation between the folds (population form). */
  readonly deviation: number;
}

/**
 * Fits a configuration once per fold, preprocessing included, and scores the rows that it has not seen.
 * @throws SlipwayError as `trainModel` and `predictModel`: a fold may lack a category that another has
 */
export async function crossValidate(
  options: TrainOptions,
  { folds, metric }: { readonly folds: readonly Fold[]; readonly metric: RegressionMetric },
): Promise<CrossValidation> {
  const scores: number[] = [];
  for (const { train, validation } of folds) {
    const target = Float64Array.from(train, (row) => options.target[row]!);
    const model = await trainModel({ ...options, features: takeRows(options.features, train), target });
    const observed = Float64Array.from(validation, (row) => options.target[row]!);
    const predicted = predictModel(model, takeRows(options.features, validation));
    scores.push(evaluateRegression(observed, predicted)[metric]);
  }
  const mean = meanOf(scores);
  return { scores, mean, deviation: Math.sqrt(meanOf(scores.map((score) => (score - mean) ** 2))) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
