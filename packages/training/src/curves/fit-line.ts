/** Least squares of a line through points whose x vary, by sums of differences from the means, which do not cancel. */
export function fitLine(
  x: Float64Array,
  y: Float64Array,
): { readonly slope: number; readonly intercept: number } {
  const [meanX, meanY] = [meanOf(x), meanOf(y)];
  let [products, squares] = [0, 0];
  for (let row = 0; row < x.length; row += 1) {
    const difference = x[row]! - meanX;
    products += difference * (y[row]! - meanY);
    squares += difference * difference;
  }
  const slope = products / squares;
  return { slope, intercept: meanY - slope * meanX };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
