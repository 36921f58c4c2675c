/** Dense ranks of a column's values, from 0: computed once, so that every tree sorts its rows by counting. */
export interface RankedColumn {
  readonly values: Float64Array;
  readonly ranks: Int32Array;
  readonly rankCount: number;
}

export function rankColumn(values: Float64Array): RankedColumn {
  const order = Int32Array.from(values, (_, row) => row).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Int32Array(values.length);
  let rank = 0;
  for (let place = 1; place < order.length; place += 1) {
    if (values[order[place]!]! > values[order[place - 1]!]!) rank += 1;
    ranks[order[place]!] = rank;
  }
  return { values, ranks, rankCount: rank + 1 };
}

/** Positions of the sampled rows by ascending value, equal values by position. */
export function sortByRank({ ranks, rankCount }: RankedColumn, rows: Int32Array): Int32Array {
  const starts = new Int32Array(rankCount + 1);
  for (const row of rows) starts[ranks[row]! + 1]! += 1;
  for (let rank = 0; rank < rankCount; rank += 1) starts[rank + 1]! += starts[rank]!;
  const sorted = new Int32Array(rows.length);
  rows.forEach((row, position) => {
    const rank = ranks[row]!;
    sorted[starts[rank]!] = position;
    starts[rank]! += 1;
  });
  return sorted;
}
