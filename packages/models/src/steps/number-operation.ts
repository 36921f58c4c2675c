/** What a step does to a number. None of them ever falls as the number grows, and NaN, which is NULL, stays NaN. */
export type NumberOperation =
  | { readonly kind: 'log' }
  | { readonly kind: 'log1p' }
  /** (value - centre) / spread; 0 where the spread is 0. */
  | { readonly kind: 'scale'; readonly centre: number; readonly spread: number }
  | { readonly kind: 'clip'; readonly lower: number; readonly upper: number }
  /** How many of the ascending edges are not above the value. */
  | { readonly kind: 'bin'; readonly edges: readonly number[] };

export interface ColumnOperation {
  readonly column: string;
  readonly operation: NumberOperation;
}

/** A function of one number. */
export function functionOf(operation: NumberOperation): (value: number) => number {
  switch (operation.kind) {
    case 'log':
      return Math.log;
    case 'log1p':
      return Math.log1p;
    case 'scale': {
      const { centre, spread } = operation;
      return spread === 0 ? (value) => 0 * value : (value) => (value - centre) / spread;
    }
    case 'clip': {
      const { lower, upper } = operation;
      return (value) => (value < lower ? lower : value > upper ? upper : value);
    }
    case 'bin':
      return (value) => (Number.isNaN(value) ? NaN : countNotAbove(operation.edges, value));
  }
}

/** Values up to it are outside the operation's domain; undefined where every number is inside. */
export function domainStart({ kind }: NumberOperation): number | undefined {
  if (kind === 'log') return 0;
  return kind === 'log1p' ? -1 : undefined;
}

/** Whether every IEEE 754 implementation gives the same bits. Logarithms differ in the last one. */
export function isExact({ kind }: NumberOperation): boolean {
  return kind !== 'log' && kind !== 'log1p';
}

function countNotAbove(edges: readonly number[], value: number): number {
  let [from, to] = [0, edges.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (edges[middle]! <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}
