/**
 * Mean and standard deviation (population form) of at least one value, by differences from the first: equal values deviate by
 * exactly 0, and values that lie close together keep their digits.
 */
export function meanAndDeviation(values: Float64Array): {
  readonly mean: number;
  readonly deviation: number;
} {
  const first = values[0]!;
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
