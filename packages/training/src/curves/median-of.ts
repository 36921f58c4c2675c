/** Sorts the values; of an even number the mean of the two in the middle. */
export function medianOf(values: Float64Array): number {
  const ascending = values.sort();
  const middle = ascending.length >> 1;
  const upper = ascending[middle]!;
  return ascending.length % 2 === 1 ? upper : (ascending[middle - 1]! + upper) / 2;
}
