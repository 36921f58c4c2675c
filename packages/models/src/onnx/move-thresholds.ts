import { applyOperations, type NumberColumn } from './graph-column.ts';
import { smallestDouble } from './smallest-double.ts';

/**
 * Takes a threshold on a transformed column back to the column itself. For a rising f, the smallest double r with
 * f(r) >= t gives x < r exactly when f(x) < t, by the very f that the trees were grown with; a logarithm computed
 * elsewhere differs in its last bit and would decide differently where the threshold is a training value.
 */
export function createThresholdMover({ operations }: NumberColumn): (threshold: number) => number {
  if (operations.length === 0) return (threshold) => threshold;
  const known = new Map<number, number>();
  return (threshold) => {
    const moved =
      known.get(threshold) ?? smallestDouble((value) => applyOperations(operations, value) >= threshold);
    known.set(threshold, moved);
    return moved;
  };
}
