import type { CategoricalCells, NumericCells } from '@slipway/contracts';

/** Cell of a number: how many edges are <= it, as `width_bucket(value, edges)` in Postgres. */
export function numericCellOf({ edges }: NumericCells, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Cell of a category; the cell after the last is for all others. */
export function categoryPlaces({ categories }: CategoricalCells): ReadonlyMap<string, number> {
  return new Map(categories.map((category, place) => [category, place]));
}
