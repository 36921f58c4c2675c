import { sortByRank, type RankedColumn } from './rank-column.ts';
import type { TreeSample } from './draw-sample.ts';

/**
 * The rows of one tree, as positions in its sample. A node owns the same segment `[start, end)` of every order:
 * `inRowOrder` keeps the order in which the library would have added up, `sorted` has one order per feature.
 */
export interface TreeRows {
  readonly target: Float64Array;
  readonly columns: readonly Float64Array[];
  readonly inRowOrder: Int32Array;
  readonly sorted: readonly Int32Array[];
}

/** Gathers the sampled rows of a tree. */
export function gatherRows(
  ranked: readonly RankedColumn[],
  target: Float64Array,
  { rows, features }: TreeSample,
): TreeRows {
  const columns = features.map((feature) => ranked[feature]!);
  return {
    target: Float64Array.from(rows, (row) => target[row]!),
    columns: columns.map(({ values }) => Float64Array.from(rows, (row) => values[row]!)),
    inRowOrder: rows.map((_, position) => position),
    sorted: columns.map((column) => sortByRank(column, rows)),
  };
}

/** Moves the rows with value < split to the front of the segment, in every order, keeping each order. Returns their number. */
export function partitionRows(
  { columns, inRowOrder, sorted }: TreeRows,
  { start, end }: { start: number; end: number },
  { column, split }: { column: number; split: number },
  scratch: Int32Array,
): number {
  const values = columns[column]!;
  let lesser = 0;
  for (const order of [inRowOrder, ...sorted]) {
    lesser = 0;
    let greater = 0;
    for (let place = start; place < end; place += 1) {
      const position = order[place]!;
      if (values[position]! < split) order[start + lesser++] = position;
      else scratch[greater++] = position;
    }
    order.set(scratch.subarray(0, greater), start + lesser);
  }
  return lesser;
}
