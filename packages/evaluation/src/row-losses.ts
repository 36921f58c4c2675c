import type { Gate } from './gate-schema.ts';

/** How a gate metric follows from the mean loss of rows. */
export interface LossMetric {
  /** Loss of one row; the smaller the better. */
  readonly loss: (observed: number, predicted: number) => number;
  /** The metric grows with (mean loss) ^ (1 / power). */
  readonly power: 1 | 2;
}

export const lossMetrics: Readonly<Record<Gate['metric'], LossMetric>> = {
  rmse: { loss: squaredError, power: 2 },
  /** On the same rows, a greater r2 is a smaller squared error. */
  r2: { loss: squaredError, power: 2 },
  mae: { loss: (observed, predicted) => Math.abs(observed - predicted), power: 1 },
  mape: {
    loss: (observed, predicted) =>
      Math.abs(observed - predicted) / Math.max(Math.abs(observed), Number.EPSILON),
    power: 1,
  },
};

/** Loss of each row. */
export function rowLosses(
  { loss }: LossMetric,
  observed: Float64Array,
  predicted: Float64Array,
): Float64Array {
  return observed.map((value, row) => loss(value, predicted[row]!));
}

function squaredError(observed: number, predicted: number): number {
  return (observed - predicted) ** 2;
}
